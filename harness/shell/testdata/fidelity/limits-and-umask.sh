#!/bin/bash
# shellcheck disable=SC2312
umask 027
main() {
  umask
  ulimit -n 64
  ulimit -n
  local file
  file=$(mktemp -d)/made
  : >"$file"
  stat -c %a "$file"
  cd /tmp || exit
  pwd
  echo ~ "$OLDPWD" | cut -d' ' -f1
}
