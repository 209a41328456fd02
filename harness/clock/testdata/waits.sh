# Functions that wait, as scripts do.
# shellcheck shell=bash

await_file() {
  local tries=0
  until [[ -e $1 ]]; do
    ((tries++ < 3)) || return 1
    sleep 5
  done
}

several() {
  sleep 1 &
  sleep 0.5
  sleep 1
  wait
  read -r -t 3 _ <> <(:)
  timeout 2 sleep 60
}
