#!/bin/bash
# Standard error under set -x is exactly what bash writes.
# shellcheck disable=SC2034,SC2312
helper() {
  local text=$1
  echo "helper $text" >/dev/null
  return 2
}
main() {
  set -x
  helper "a b"
  local list=(1 2 "3 4") item
  for item in "${list[@]}"; do : "$item"; done
  case $item in 3*) : matched ;; esac
  [[ $item == 3* && -n $item ]]
  ((item = 2 + 3))
  item=$(helper c; echo "out")
  (helper d)
  X=1 bash -c ':' child
  while read -r item; do :; done <<<"line"
  { set +x; } 2>/dev/null
  helper quiet
  echo "done $-" | tr -d T
}
