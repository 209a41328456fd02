#!/bin/bash
# shellcheck disable=SC2317,SC2312
trap 'echo bye' EXIT
trap 'echo err' ERR
trap 'echo term' TERM
main() {
  trap -p | sort
  echo "--"
  local saved
  saved=$(trap -p EXIT)
  echo "$saved"
  echo "--"
  (
    local x=1
    trap -p
    echo "x $x"
  ) | sort
  echo "--"
  (
    trap 'echo usr1' USR1
    trap -p | sort
  )
  trap - EXIT
  trap -p EXIT
  eval "$saved"
  trap -p EXIT
}
