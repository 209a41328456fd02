#!/bin/bash
# shellcheck disable=SC2317
trap 'echo "USR1 in ${FUNCNAME[0]-none} at ${#FUNCNAME[@]}"' USR1
trap 'echo TERM; exit 42' TERM
trap '' HUP
trap 'echo "EXIT $?"' EXIT
main() {
  kill -USR1 "$BASHPID"
  echo "after USR1: $?"
  kill -HUP "$BASHPID"
  echo "after HUP: $?"
  bash -c 'kill -HUP $$; echo "the child ignores HUP too"'
  (trap -p | sort; kill -TERM "$BASHPID"; echo "never")
  echo "subshell ended by default: $?"
  trap 'echo "INT"' INT
  kill -INT "$BASHPID"
  kill -TERM "$BASHPID"
  echo never
}
