#!/bin/bash
# What a shell catches decides when signals end it and the jobs that it has just started. Without INT and QUIT, which
# bash itself catches and ignores, and in a fork as in any subshell.
# shellcheck disable=SC2016
caught() {
  local name mask
  while read -r name mask; do
    [[ $name != Sig[CI]g[tn]: ]] || printf '%s %x\n' "$name" "$((0x$mask & ~6))"
  done <"/proc/$BASHPID/status"
}
main() {
  caught
  trap 'echo usr1' USR1
  caught
  trap - USR1
  caught
  (caught)
  caught &
  wait
  bash -c "$(declare -f caught)"'; caught; :'
  trap 'echo bye' EXIT
  caught
}
