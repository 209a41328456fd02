# What a stub that a supervisor answers does (harness/systemd/manager.ts): waits for its turn, does as it is told, and
# again until that ends it. Arguments: the turn, and whether the keeper is to be started first.
# shellcheck shell=bash disable=SC1090,SC2154
if [[ -n ${2-} ]]; then
  # guard/keeper.h takes the place of this bash, which has no such file to read.
  /run/shellrig/host/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TZ=UTC /run/shellrig/host/bin/bash -p /run/shellrig/keeper </dev/null >/dev/null 2>&1 &
fi
while builtin :; do
  until builtin read -r _ <>"/run/shellrig/box/beside/wake/$1"; do builtin :; done
  builtin . "/run/shellrig/box/beside/reply/$1"
  if [[ $answer_mode == answer ]]; then
    builtin printf %s "$answer_out"
    builtin printf %s "$answer_err" >&2
    builtin exit "$answer_exit"
  fi
done
