#!/bin/bash
# shellcheck disable=SC2018,SC2019,SC2162,SC2312
main() {
  read -r first
  echo "first: $first"
  mapfile -t -n 1 lines
  echo "${lines[@]}"
  while read -r line; do
    echo "loop: $line"
    [[ $line != three ]] || break
  done
  cat <<TEXT | tr a-z A-Z
here $first
TEXT
  sleep 0 &
  wait
  cat
  read -r last || echo "end: $? '$last'"
}
