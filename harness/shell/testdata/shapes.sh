#!/bin/bash
# Functions that show what a run was given.
# shellcheck disable=SC2034,SC2153,SC2154 # read by the spec, given by the spec
declare -A AT_SOURCE=([when]=sourcing)
SOURCED_WITH=${GREETING-nothing}
show() { printf '%s\n' "$SOURCED_WITH|${GREETING-unset}|$PWD|$*"; }
echo_stdin() { cat; }
count() { echo "${#LIST[@]} ${LIST[1]} ${MAP[key]}"; }
collect() {
  scalar=$'two\nlines "quoted" $HOME `x` \\'
  list=(one 'two words' '' $'tab\there')
  declare -gA map=([k]=v ['with space']="it's")
  local hidden=1
  export exported=yes
}
leave() {
  collect
  exit 3
}
log_everything() {
  exec >/var/log/boot.log 2>&1
  set -u
  (echo "${NOPE}") || echo skipped
}
tee_everything() {
  set -u
  { (echo "${NOPE}") || true; } 2>&1 | tee /var/log/a.log
}
