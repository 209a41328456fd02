#!/bin/bash
# Brings up a small site: fetches what it needs beside a migration, starts a server, and waits for it.
set -u

fetch() {
  download "$1"
  unpack "$1"
}

migrate() {
  sleep 4
  database migrate
}

await_ready() {
  local tries
  for ((tries = 0; tries < 30; tries++)); do
    [[ ! -e /run/server.ready ]] || return 0
    sleep 2
  done
  return 1
}

up() {
  fetch site &
  local job=$!
  migrate
  wait "$job"
  systemctl start --no-block server
  report starting
  await_ready || return 7
  report ready
}
