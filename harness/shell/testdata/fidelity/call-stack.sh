#!/bin/bash
# shellcheck disable=SC2005,SC2312
where() {
  local index
  for ((index = 0; index < ${#FUNCNAME[@]} - 1; index++)); do
    echo "${FUNCNAME[index]} $(basename "${BASH_SOURCE[index]}") ${BASH_LINENO[index]}"
  done
  caller 0 | cut -d' ' -f1,2
  echo "line $LINENO"
}
middle() {
  where "$@"
  (where)
  echo "$(where)"
  eval 'where
where'
}
main() {
  middle a b
  [[ ${BASH_SOURCE[0]} == "$0" ]] && echo "is main"
  basename "$0"
}
