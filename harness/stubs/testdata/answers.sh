#!/bin/bash
# Calls a program and a function in turn.
# shellcheck disable=SC2317
helper() { echo "real helper $*"; }
both() {
  backend "$@"
  echo "code $?"
  helper "$@"
  echo "code $?"
}
several() {
  local word
  for word in "$@"; do
    backend "$word"
    echo "$word: $?"
  done
}
several_of_a_function() {
  local word
  for word in "$@"; do
    helper "$word"
    echo "$word: $?"
  done
}
with_input() {
  printf 'line 1\nline 2\n' | backend "$@"
  printf 'line 3\n' | helper "$@"
}
until_there() {
  backend start
  until [[ -e /srv/there ]]; do sleep 0.01; done
  cat /srv/there
}
