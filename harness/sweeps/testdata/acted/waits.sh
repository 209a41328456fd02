#!/bin/bash
# Waits for a file in several ways, of which some miss it; and what two at once do to one file.

LIMIT=12

# Looks again and again.
polls() {
  local i
  for ((i = 0; i < LIMIT; i++)); do
    if [[ -e $1 ]]; then
      echo "ready after ${SECONDS}s"
      return 0
    fi
    sleep 1
  done
  [[ -e $1 ]] || { echo "gave up after ${SECONDS}s" >&2; return 4; }
  echo "ready after ${SECONDS}s"
}

# What is made between the look and the watch is not seen.
watches() {
  [[ -e $1 ]] || inotifywait -qq -t "$LIMIT" -e create -e moved_to --include "/${1##*/}\$" "${1%/*}"
  [[ -e $1 ]] || return 4
  echo "ready after ${SECONDS}s"
}

# A rename is not what it watches for.
watches_writes() {
  local end=$((SECONDS + LIMIT))
  until [[ -e $1 ]]; do
    ((SECONDS < end)) || return 4
    timeout "$LIMIT" inotifywait -qq -e close_write "${1%/*}"
  done
  echo "ready after ${SECONDS}s"
}

# Has no limit, and what it reads from never comes.
reads() {
  local name
  mkfifo -m 0600 /run/door
  [[ -e $1 ]] || read -r name </run/door
  echo "ready: $name"
}

adds_one() {
  local count
  count=$(cat /srv/count)
  echo "$((count + 1))" >/srv/count
}

two_writers() {
  adds_one &
  adds_one &
  wait
}

one_writer_after_the_other() {
  adds_one &
  sleep 1
  adds_one &
  wait
}

two_writers_with_a_lock() {
  { flock 9 && adds_one; } 9>/srv/lock &
  { flock 9 && adds_one; } 9>/srv/lock &
  wait
}
