#!/usr/bin/env bash
# The same work without a harness: a new bash for each of $1 examples, its exit code and text looked at.
for ((index = 0; index < $1; index++)); do
  # shellcheck disable=SC2016 # expanded by the bash that it starts
  output=$(bash -c '. "$1"; greet world' plain "$BENCH/trivial/lib.sh") || exit
  [[ $output == 'hello world' ]] || exit
done
