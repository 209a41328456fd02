#!/bin/bash
# Functions whose meaning depends on the process that they run in, and some that only seem so.
# shellcheck disable=SC2009,SC2015,SC2016,SC2034,SC2119,SC2120,SC2154,SC2317
sourced_at=$SECONDS
mkdir -p /srv/made-by-sourcing
echo "sourced" >>/var/log/sourced
echo "noise while sourcing"
noted "while sourcing"
own_id() { [[ $$ == "$BASHPID" ]] && echo "own" || echo "of another"; }
through_others() { other_function; }
other_function() { retry 3 own_id; }
retry() { shift; "$@"; }
end_group() {
  trap 'echo "group ended"; exit 7' TERM
  sleep 10 &
  sleep 0.1
  kill -- -$$
  wait
}
end_group_by_zero() {
  trap 'echo "ended"; exit 8' USR1
  kill -USR1 0
}
job_control() {
  set -m
  sleep 0.05 &
  jobs | wc -l
  fg >/dev/null
  echo "back: $?"
}
parents() {
  [[ $PPID -gt 0 ]] && echo "a parent"
  bash -c 'echo $PPID' | grep -c "^$$\$"
}
group_is_own() { [[ $(ps -o pgid= -p "$$" | tr -d ' ') == "$$" ]] && echo "leader"; }
world() {
  : $$
  echo "$given ${list[1]} ${map[k]} $EXPORTED"
  cat /srv/given
  cat /var/log/sourced
  noted "in the call"
  result=("done" "$1")
  echo err >&2
  return 4
}
plain() { echo "a text that says \$\$ and 'kill 0'"; }
in_a_comment() {
  # kills $$ and uses set -m
  [[ $BASHPID -gt 1 ]] && echo "a fork will do"
}
