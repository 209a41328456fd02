#!/bin/bash
# Functions that show what a run was given.
# shellcheck disable=SC2034,SC2153 # read by the spec, given by the spec
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
