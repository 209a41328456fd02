#!/bin/bash
# shellcheck disable=SC1102,SC2005,SC2034,SC2050,SC2154,SC2164,SC2170,SC2309
main() {
  [ one -eq 1 ]
  echo "$?"
  [[ x -eq 1/0 ]]
  echo "$?"
  nosuchcommand_of_fidelity a b
  echo "$?"
  /nonexistent/program
  echo "$?"
  /tmp
  echo "$?"
  local bad="a-b"
  declare "$bad=1"
  echo "$?"
  cd /nonexistent
  echo "$((1 + ))"
  echo "after"
}
