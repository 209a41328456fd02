#!/bin/bash
# What a shell catches decides when signals end it and the jobs that it has just started.
caught() { grep SigCgt "/proc/$BASHPID/status"; }
main() {
  caught
  trap 'echo usr1' USR1
  caught
  trap - USR1
  caught
  (caught)
  caught &
  wait
  bash -c 'grep -e SigCgt -e SigIgn "/proc/$$/status"; :'
  trap 'echo bye' EXIT
  caught
}
