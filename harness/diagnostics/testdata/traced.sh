#!/bin/bash
# What a trace has to tell apart: functions, subshells, conditions, calls, and scripts that a script writes.

outer() {
  local word
  word=$(inner)
  if ! check "$word"; then
    return 3
  fi
}

inner() {
  notify one && notify two
  echo word
}

check() { [ "$1" = other ]; }

writes_one() {
  echo 'notify from-within' >/tmp/written.sh
  bash /tmp/written.sh
}

one_liner() { (exit 4) & wait "$!"; }

polls() {
  until notify; do
    sleep 5
  done
}
