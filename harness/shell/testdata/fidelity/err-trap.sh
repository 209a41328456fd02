#!/bin/bash
# ERR and EXIT traps with errtrace: where, what, how deep.
# shellcheck disable=SC2312
set -Eeuo pipefail
report() {
  local code=$1 line=$2 command=$3
  echo "ERR $code at $line in ${FUNCNAME[1]-none}: $command"
  local depth=0
  while caller "$depth"; do depth=$((depth + 1)); done
}
trap 'report "$?" "$LINENO" "$BASH_COMMAND"' ERR
trap 'echo "EXIT $? subshell"' EXIT
inner() {
  (exit 7) || echo "asked"
  grep -q nothing /dev/null
}
main() {
  local text
  text=$(echo inside; inner || true)
  echo "$text"
  inner
  echo never
}
