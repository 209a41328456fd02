#!/bin/bash
# state: everything that a shell can tell of itself. ruin: changes all of it.
# shellcheck disable=SC2012,SC2034,SC2123,SC2317
shared=1
helper() { echo original; }
state() {
  echo "parameters: $# ${*@Q}"
  echo "scalars: $shared ${made_by_ruin-unset} ${exported_by_ruin-unset} HOME=$HOME IFS=${IFS@Q} PATH=$PATH"
  helper
  set -o
  shopt
  trap -p
  umask
  pwd
  ulimit -a
  alias
  declare -F | grep -v ' _rig_'
  compgen -v | grep -v '^_rig_\|^BASH_LINENO$\|^FUNCNAME$\|^COPROC'
  env | sort
  hash
  enable -a -n
  ls -l /proc/self/fd | awk '{ print $9, $11 }' | sed 's/pipe:.*/pipe/; s/[0-9]*\/fd/N\/fd/'
  # But for the clock's own (key 0x72696763), whose users change.
  awk 'FNR > 1 && $1 != 1919510371' /proc/sysvipc/*
  find /srv /bin /dev/stdin -printf '%p %u %t\n' | sort
  pgrep -a 'sleep|cat' || echo "no sleeper"
  ls -lA /dev/shm /tmp /srv /root | sed 's/[A-Z][a-z][a-z] .* //'
  [[ ! -e /dev/ruined ]] && echo "no /dev/ruined"
  wait
}
ruin() {
  shared=2 made_by_ruin=1
  declare -g -A map_by_ruin=([a]=b)
  export exported_by_ruin=1 HOME=/elsewhere
  helper() { echo ruined; }
  another() { :; }
  ipcmk -M 1 -Q -S 1 >/dev/null
  touch -d 1999-01-01 /srv/kept
  chown -h daemon:daemon /bin /dev/stdin
  trap 'true' USR1 ERR DEBUG EXIT RETURN
  trap '' TERM
  set -o noclobber -o noglob -o allexport -o pipefail
  shopt -s nullglob extglob expand_aliases
  alias ll='ls'
  umask 000
  mkdir -p /srv/new/deep && cd /srv/new || return
  ulimit -n 32 -f 1000000 -c 0
  hash cat
  enable -n test
  IFS=x
  coproc { cat; }
  echo x >|/dev/shm/left
  echo x >|/tmp/left
  echo x >|/root/.left
  : >/dev/ruined
  exec 9</etc/passwd
  exec 0</etc/hosts
  rm -rf /srv/kept /usr/bin/seq
  echo changed >|/srv/changed
  chmod 000 /srv/changed
  (sleep 30 &)
  setsid sleep 31 &
  PATH=/nowhere
  set -- changed parameters
  readonly shared
  exec 1>&- 2>&-
}
