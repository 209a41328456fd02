#!/bin/bash
# shellcheck disable=SC2317
main() {
  trap 'echo "never printed"' EXIT
  exec bash -c 'echo "in its place: $1"; exit 8' name "$1"
}
