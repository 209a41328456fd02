#!/bin/bash
# What every example of the sourcing contract calls; sourced before the script that changes the shell.
# shellcheck disable=SC2034
probe() {
  builtin echo "probe $1"
  /usr/bin/systemctl status "$1"
  made="$1 $?"
  builtin printf 'seen %s\n' "$1" >|/srv/probed
  ( /usr/bin/mkdir "/srv/by-a-subshell" )
  stand_in "$1" 'two words'
}
stand_in() { builtin echo "the real one"; }
