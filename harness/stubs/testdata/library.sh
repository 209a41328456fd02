#!/bin/bash
# What a whole script sources: a function that is stubbed, one that wraps commands, one that tells the two apart.
# shellcheck disable=SC2034,SC2317
fetch() {
  echo "really fetching $1"
  return 9
}
retry() {
  local count=$1
  shift
  "$@"
}
report() { echo "reporting $1"; }
