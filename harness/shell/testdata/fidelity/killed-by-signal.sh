#!/bin/bash
main() {
  echo before
  trap 'echo EXIT' EXIT
  kill -KILL "$BASHPID"
}
