#!/bin/bash
# shellcheck disable=SC2312
main() {
  coproc DOUBLE { while read -r number; do echo "$((number * 2))"; done; }
  echo 21 >&"${DOUBLE[1]}"
  local answer
  read -r answer <&"${DOUBLE[0]}"
  echo "$answer"
  local pid=$DOUBLE_PID input=${DOUBLE[1]}
  exec {input}>&-
  wait "$pid"
  echo "$?"
  diff <(echo a) <(echo b)
  echo "$?"
  echo out > >(cat)
  wait $!
}
