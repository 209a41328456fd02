#!/bin/bash
# shellcheck disable=SC1090,SC2016,SC2312
main() {
  local file
  file=$(mktemp)
  printf '%s\n' 'echo "sourced with $# $*"' 'return 4' 'echo never' >"$file"
  . "$file"
  echo "$?"
  . "$file" a b
  echo "$?"
  trap 'echo "sourcing or function ends"' RETURN
  . "$file" c
  trap - RETURN
  printf '%s\n' 'echo "${FUNCNAME[0]} $LINENO ${#BASH_SOURCE[@]}"' 'if then' >"$file"
  . "$file"
  echo "$?"
}
