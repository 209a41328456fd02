#!/bin/bash
# shellcheck disable=SC2312
job() {
  # Job 9 waits for a word, so that which one ends first does not hang on how busy the machine is.
  [[ $1 == 1 ]] || read -r _ <"$2"
  echo "job $1"
  return "$1"
}
main() {
  local go
  go=$(mktemp -u)
  mkfifo "$go"
  job 9 "$go" &
  local last=$!
  job 1 &
  wait -n
  echo "first: $?"
  echo go >"$go"
  rm "$go"
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
