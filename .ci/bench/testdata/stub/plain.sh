#!/usr/bin/env bash
# The same work without a harness: a new bash for each of $1 examples, with a stub in PATH and a folder of its own.
for ((index = 0; index < $1; index++)); do
  export STATE_DIRECTORY=/tmp/plain/$index
  mkdir -p "$STATE_DIRECTORY/bin"
  cp "$BENCH/stub/systemctl.sh" "$STATE_DIRECTORY/bin/systemctl"
  # shellcheck disable=SC2016 # expanded by the bash that it starts
  PATH=$STATE_DIRECTORY/bin:$PATH bash -c '. "$1"; release 2.1' plain "$BENCH/stub/lib.sh" || exit
  [[ $(<"$STATE_DIRECTORY/calls") == 'restart app' ]] || exit
  [[ $(<"$STATE_DIRECTORY/version") == 2.1 ]] || exit
done
