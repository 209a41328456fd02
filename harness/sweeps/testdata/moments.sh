#!/bin/bash
# Runs with moments of every kind, in processes of every kind.

by_rename() {
  cp /stage/new /opt/agent.new || return 4
  chmod 0755 /opt/agent.new
  mv -fT /opt/agent.new /opt/agent
}

in_place() { cat /stage/new >/opt/agent; }
by_builtin() { printf '%s\n' new one >/opt/agent; }

in_a_child() { env -i PATH="$PATH" bash -c 'rm -f /opt/agent'; }
in_a_subshell() { (rm -f /opt/agent); }
in_a_pipeline() { echo new | tee /opt/agent | cat >/dev/null; }
in_the_background() {
  rm -f /opt/agent &
  rm -f /opt/other &
  wait
}
in_dash() { sh -c 'echo new >/opt/agent; rm -f /opt/other'; }
unpacks() { tar -xf /stage/agent.tar -C /opt; }
as_a_stub() { agentctl reload; }

goes_on() {
  rm -f /opt/agent || echo "rm ended with $?"
  echo "still here"
}
waits() {
  timeout 60 sleep 0.1
  echo "timeout ended with $?"
}
with_a_leftover() {
  sleep 100 &
  rm -f /opt/agent
  kill $!
  wait
}
cleans_up() {
  trap 'rm -f /opt/agent.new; exit 9' TERM
  cp /stage/new /opt/agent.new
  mv -fT /opt/agent.new /opt/agent
}
says() {
  printf '%s 1\n' "$1"
  printf '%s 2\n' "$1"
  sleep 1
  printf '%s 3\n' "$1"
}
in_turns() {
  says a &
  says b &
  says c
  wait
}
for_ever() { until [ -e /run/go ]; do sleep 1; done; }
