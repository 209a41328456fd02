#!/bin/bash
# Ways in which a script comes to wait.
set -u

cut_short() {
  timeout 3 sleep 10
  report
}

for_nobody() {
  mkfifo /tmp/pipe
  read -rt 5 _ <>/tmp/pipe
  report
}

for_a_file() {
  until [[ -e /run/go ]]; do
    sleep 1
  done
  report
}

for_a_service() {
  systemctl start agent
  report
}

for_a_restart() {
  systemctl restart agent
  report
}

for_a_state() {
  systemctl start --no-block agent
  until systemctl --quiet is-active agent; do
    sleep 2
  done
  report
}

for_an_answer() {
  ask
  sleep 1
  read -r _ </tmp/answer
  report
}

retries() {
  local try
  for try in 1 2 3; do
    connect && break
    sleep "$try"
  done
  sleep 0.5
  report
}

tells() {
  mkdir -p /var/log/app
  echo '{"task":"install","code":0}' >/var/log/app/1.json
  sleep 2
  echo '{"task":"start","code":0}' >/var/log/app/2.json
  echo '{"task":"wait","code":3}' >/var/log/app/3.json
  report
}
