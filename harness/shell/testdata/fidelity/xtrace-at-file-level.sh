#!/bin/bash
PS4='+${FUNCNAME[0]:-}:${LINENO}: '
set -x
inner() { :; }
main() {
  inner
  (inner)
  ls /nonexistent-directory
  set +x
}
