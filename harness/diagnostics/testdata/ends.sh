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
esac
