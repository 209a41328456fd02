#!/bin/bash
# shellcheck disable=SC2050
trap 'echo "ERR $? at $LINENO"' ERR
inner() {
  false
  echo "inner goes on"
  return 5
}
main() {
  inner
  false | true
  true | false
  (exit 9)
  [ a = b ]
  [[ a == b ]]
  ((0))
  trap - ERR
  false
}
main_without() { :; }
