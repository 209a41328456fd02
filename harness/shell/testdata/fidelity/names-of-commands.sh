#!/bin/bash
# shellcheck disable=SC2312
ls() { command ls "$@"; }
main() {
  type -t ls cat test if nosuch
  command -v cat nosuch
  echo "$?"
  hash -r
  cat /dev/null
  hash -t cat
  type -P ls
  unset -f ls
  type -t ls
  enable -n test
  type -t test
}
