#!/bin/bash
# shellcheck disable=SC2317,SC2154
cleanup() {
  local code=$?
  echo "cleaning after $code" >&2
  rm -f "$scratch"
  ((code != 3)) || exit 30
}
deeper() {
  trap 'echo "subshell ends $?"' EXIT
  exit 4
}
inner() {
  (deeper)
  echo "subshell gave $?"
  exit 3
}
main() {
  scratch=$(mktemp)
  trap cleanup EXIT
  inner
  echo never
}
