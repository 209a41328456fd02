#!/bin/bash
# Ways to install that a sweep finds good or bad.
# shellcheck disable=SC2015 # who comes to || has not succeeded

good() {
  local stage=/opt/.agent.new
  [[ /stage/new -nt /dev/null || -f /stage/new ]] || return 3
  cmp -s /stage/new /opt/agent && return 0
  if ! { cp /stage/new "$stage" && chmod 0755 "$stage" && mv -fT "$stage" /opt/agent; }; then
    rm -f "$stage"
    echo 'agent could not be installed' >&2
    return 4
  fi
}

# The old one is written over.
in_place() {
  cp /stage/new /opt/agent || { echo 'no agent' >&2; return 4; }
  chmod 0755 /opt/agent || { echo 'no agent' >&2; return 4; }
}

# Nobody looks whether mv has succeeded.
unchecked() {
  cp /stage/new /opt/.agent.new && chmod 0755 /opt/.agent.new || { rm -f /opt/.agent.new; echo 'no agent' >&2; return 4; }
  mv -fT /opt/.agent.new /opt/agent 2>/dev/null
  rm -f /opt/.agent.new
}

# Who takes away what it comes from first has nothing to come from the next time.
takes_first() {
  local new
  new=$(cat /stage/new) || { echo 'no agent' >&2; return 4; }
  rm -f /stage/new
  printf '%s\n' "$new" >/opt/.agent.new
  chmod 0755 /opt/.agent.new && mv -fT /opt/.agent.new /opt/agent
}

silent() {
  cp /stage/new /opt/.agent.new 2>/dev/null && chmod 0755 /opt/.agent.new && mv -fT /opt/.agent.new /opt/agent || { rm -f /opt/.agent.new; return 4; }
}

# A rule is inserted again each time.
inserts_a_rule() { agentctl rule add 10 && echo 'rule 10' >>/etc/rules; }

# By the same clock, the next run writes the same.
stamps() { date +%s >/opt/stamp; }

# Whatever is old is thought to be of nobody any more.
locks() {
  [[ -z $(find /opt/lock -mmin -60 2>/dev/null) ]] || return 3
  : >/opt/lock
  cp /stage/new /opt/agent
  rm -f /opt/lock
}
