#!/bin/bash
# Where set -e does not count: conditions, lists, negation, `local x=$(...)`; and where it does.
# shellcheck disable=SC2155,SC2251,SC2310,SC2311,SC2312
set -e
fails() {
  false
  echo "fails goes on"
}
main() {
  if fails; then echo "if: true"; fi
  fails || echo "or"
  ! fails
  echo "negated: $?"
  fails && echo "and"
  local declared=$(false)
  echo "local: $? '$declared'"
  local text
  text=$(fails)
  echo "substitution: $? '$text'"
  (false) || echo "subshell: $?"
  shopt -s inherit_errexit
  text=$(false; echo "never")
  echo "never"
}
