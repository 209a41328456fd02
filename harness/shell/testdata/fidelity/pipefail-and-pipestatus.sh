#!/bin/bash
# shellcheck disable=SC2145,SC2312
set -o pipefail
pieces() {
  yes | head -n 1
  echo "${PIPESTATUS[@]} -> $?"
  false | (exit 3) | true
  local all=("$?" "${PIPESTATUS[@]}")
  echo "${all[@]}"
  ! false | true
  echo "$? ${PIPESTATUS[*]}"
}
main() {
  pieces
  set +o pipefail
  pieces
  echo one | while read -r word; do echo "got $word"; exit 4; done
  echo "${PIPESTATUS[@]}"
}
