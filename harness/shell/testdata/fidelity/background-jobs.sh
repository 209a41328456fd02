#!/bin/bash
# shellcheck disable=SC2312
job() {
  sleep "0.0$1"
  echo "job $1"
  return "$1"
}
main() {
  job 9 &
  local last=$!
  job 1 &
  wait -n
  echo "first: $?"
  wait "$last"
  echo "last: $?"
  wait -n
  echo "none: $?"
  (exit 3) &
  wait $!
  echo "subshell: $?"
  sleep 5 &
  kill $!
  wait $!
  echo "killed: $?"
  { sleep 0.01; echo group; } | cat &
  wait
  echo "all: $?"
}
