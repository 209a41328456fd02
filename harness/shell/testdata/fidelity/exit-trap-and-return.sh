#!/bin/bash
trap 'echo "EXIT sees $?"; echo "and again $?"' EXIT
main() {
  echo "args $# $*"
  return 6
}
