#!/bin/bash
# shellcheck disable=SC2119,SC2120,SC2154
set -u
show() {
  local empty=() item
  echo "${empty[@]}" "${#empty[@]}" "${1:-default}"
  for item in "${empty[@]}"; do echo "$item"; done
  echo "${missing_one}"
  echo "never"
}
main() {
  trap 'echo "EXIT with $?"' EXIT
  (echo "$missing_in_subshell") || echo "subshell: $?"
  show
}
