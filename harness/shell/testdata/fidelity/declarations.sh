#!/bin/bash
# shellcheck disable=SC2034,SC2178,SC2128
declare -A table=([one]=1 [two]=2)
declare -a list=(a "b c")
declare -r fixed=yes
declare -i number=4
export SHOWN=outside
change() {
  local -n ref=$1
  ref+=(more)
  declare -g made=global
  local -
  set -f
  number+=6
}
main() {
  change list
  declare -p list table number made SHOWN fixed
  echo "$-" | tr -d T
  fixed=no
  echo "after: $?"
}
