#!/bin/bash
# shellcheck disable=SC2116,SC2312
main() {
  local trace
  trace=$(mktemp)
  exec 7>"$trace"
  BASH_XTRACEFD=7
  set -x
  : one
  (: two)
  local text
  text=$(echo three)
  helper "$text"
  set +x
  unset BASH_XTRACEFD
  cat "$trace"
}
helper() { : four; }
