#!/bin/bash
# The script's own DEBUG trap.
# shellcheck disable=SC2317
helper() {
  echo "helper"
  :
}
main() {
  trap 'echo "before: $BASH_COMMAND"' DEBUG
  helper
  true
  (true)
  trap - DEBUG
  echo quiet
}
