#!/bin/bash
# Functions that specs expect wrong things of.

greet() {
  echo "hello $1"
}

deploy() {
  local unit=$1
  systemctl daemon-reload
  systemctl restart "$unit" || return 4
  install -D -m 644 /etc/unit "/etc/systemd/system/$unit.service"
}

download() {
  curl -fsSL "$1" -o /opt/package
}

leave_behind() {
  sleep 100 &
  echo started
}

wait_for_ever() {
  echo waiting
  sleep infinity
}

print_for_ever() {
  yes
}

use_unset() (
  set -u
  echo "$UNSET_VARIABLE"
)

compare() {
  if [ "$1" -gt 3 ]; then
    echo more
  fi
}

emit() {
  mkdir -p /events
  echo '{"task":"deploy","ok":true}' >/events/1.json
}

compute_for_ever() {
  echo computing
  while :; do :; done
}
