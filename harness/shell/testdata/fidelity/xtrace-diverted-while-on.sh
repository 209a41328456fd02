#!/bin/bash
main() {
  local trace fd
  trace=$(mktemp)
  exec {fd}>"$trace"
  set -x
  : before
  BASH_XTRACEFD=$fd
  : one
  unset BASH_XTRACEFD
  : after
  set +x
  cat "$trace"
}
