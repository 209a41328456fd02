#!/bin/bash
# set -e at file level ends a call where the command that failed was not asked about.
set -e
inner() {
  echo "inner begins"
  false
  echo "inner goes on"
}
outer() {
  inner
  echo "outer goes on"
}
main() {
  outer
  echo "main goes on"
}
