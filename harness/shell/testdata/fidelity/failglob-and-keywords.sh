#!/bin/bash
# shellcheck disable=SC2034,SC2209,SC2320
shopt -s failglob
set -k
main() {
  env after=1 GIVEN=yes | grep GIVEN
  echo /nonexistent/*
  echo "after $?"
  echo never
}
