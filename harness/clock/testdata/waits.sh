# Functions that wait, as scripts do.
# shellcheck shell=bash
# shellcheck disable=SC2034 # read by a test
WAITS_SOURCED=$EPOCHSECONDS

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

# await_ready PATH SECONDS: until it is there, with some text.
await_ready() {
  local started=$SECONDS
  until [[ -s $1 ]]; do
    ((SECONDS - started < $2)) || return 1
    sleep 0.5
  done
  cat "$1"
}
