#!/bin/bash
# Ends in several ways, each time through an EXIT trap that has work of its own to do.

remove_lock() {
  rm -f /srv/lock
}

clean_up() {
  remove_lock
}

refuse() {
  exit 3
}

trap clean_up EXIT
case $1 in
  exit) exit 3 ;;
  function) refuse ;;
  errexit)
    set -e
    bash -c 'exit 3'
    ;;
  within) clean_up() { exit 3; } ;;
  in-subshells) for _ in "$@"; do (refuse); done ;;
  in-a-substitution) text=$(refuse) || exit; echo "$text" ;;
  in-a-pipeline) echo line | while read -r _; do exit 3; done ;;
  long-ago)
    (refuse)
    for _ in {1..10}; do :; done
    exit 3
    ;;
esac
