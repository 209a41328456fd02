#!/bin/bash
parse() {
  local option OPTIND=1
  while getopts ":a:b" option "$@"; do
    echo "$option ${OPTARG-} $OPTIND"
  done
  shift $((OPTIND - 1))
  echo "rest: $* ($#)"
}
main() {
  echo "$# [$1] [$2] ${*: -1}"
  parse -b -a value -x left over
  set -- x "y z"
  echo "$# $2 ${*@Q}"
  shift
  echo "$1 $#"
}
