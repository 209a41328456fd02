#!/bin/bash
# shellcheck disable=SC2312
main() {
  local file
  file=$(mktemp)
  exec 4>&1 >"$file"
  echo "into the file"
  echo "to the screen" >&4
  exec >&4 4>&-
  echo "back: $(<"$file")"
  exec 5<"$file"
  read -r line <&5
  echo "$line"
  exec 5<&-
  read -r line <&5
  echo "$?"
  exec 2>&1
  ls /nonexistent-directory
  exec 3>&- 0<&-
  cat
  echo "$?"
  exec >&-
  echo "into nothing"
}
