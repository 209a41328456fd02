#!/bin/bash
# shellcheck disable=SC2050
main() {
  local version=1.34.5-ubuntu
  if [[ $version =~ ^([0-9]+)\.([0-9]+)\.([0-9]+)(-.*)?$ ]]; then
    echo "first"
    local parts=("${BASH_REMATCH[@]}")
    (echo "${BASH_REMATCH[1]}")
    echo "${BASH_REMATCH[4]} ${#parts[@]}"
  fi
  [[ x =~ y ]]
  echo "$? '${BASH_REMATCH[*]}'"
}
