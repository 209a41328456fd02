#!/bin/bash
# Scripts that break what should always hold, and such that do not.

# ---- leftovers ----
cleans_up() {
  local stage
  stage=$(mktemp -d) && touch "$stage/a" /tmp/given && rm -rf "$stage"
  echo whole >/opt/result
}
leaves_a_stage() {
  local stage
  stage=$(mktemp -d /opt/.agent.XXXXXX) && touch "$stage/a" "$stage/b"
}
leaves_by_name() { touch "$1"; }
leaves_a_process() { sleep 100 & }

# ---- exit codes ----
ends_with() { return "$1"; }

# ---- changes ----
installs() {
  mkdir -p /opt/agent/bin
  echo agent >/opt/agent/bin/agent
  echo "$1" >>"$2"
}

# ---- twice ----
appends() { echo "include $1" >>/etc/agent.conf; }
appends_once() { grep -qx "include $1" /etc/agent.conf 2>/dev/null || appends "$1"; }
moves() { mv /stage/agent /opt/agent; }
logs() {
  appends_once a
  mkdir -p /var/log/events
  echo '{}' >"/var/log/events/$(date +%s%N).json"
  echo ran >>/var/log/agent.log
}
calls_once() { [[ -f /opt/agent ]] || { fetch agent && cp /stage/agent /opt/agent; }; }
uses_unset() { [[ ! -f /opt/agent ]] || echo "${!1}"; touch /opt/agent; }
strict() (
  set -u
  "$@"
)

# ---- waiting ----
waits_for() {
  local tries=$1
  until [[ -e /run/ready ]]; do
    ((tries-- > 0)) || return 4
    sleep 5
  done
}
sleeps() { sleep "$@"; }

# ---- secrets ----
traces() {
  set -x
  : "$API_TOKEN"
}
says() { echo "connecting with $API_TOKEN" "${@}"; }
fetches() { curl -H "Authorization: Bearer $API_TOKEN" https://example.com; }
fetches_by_input() { curl -H @- https://example.com <<<"Authorization: Bearer $API_TOKEN"; }
stores() {
  mkdir -p "${1%/*}"
  (umask "$2" && printf '%s' "$API_TOKEN" >"$1")
}
tells() {
  mkdir -p /var/log/events
  printf '{"message": "used %s"}' "$API_TOKEN" >/var/log/events/1.json
}
hides() {
  local quoted=${API_TOKEN@Q}
  echo "token of ${#quoted} characters"
}
greps() { grep -q "$API_TOKEN" /etc/passwd || true; }
