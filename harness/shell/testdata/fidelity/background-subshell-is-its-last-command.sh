#!/bin/bash
# A subshell's last command takes its place, so that a signal sent to $! reaches the command.
main() {
  (sleep 5) &
  local subshell=$!
  sleep 0.2
  cat "/proc/$subshell/comm"
  kill "$subshell"
  wait "$subshell"
  echo "$?"
  bash -c 'sleep 5' &
  subshell=$!
  sleep 0.2
  cat "/proc/$subshell/comm"
  kill "$subshell"
  wait "$subshell"
  echo "$?"
}
