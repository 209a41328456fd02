#!/bin/bash
# as-container-root.sh COUNT COMMAND...: runs a command as root of a container that has so many ids. For root.
set -eu
count=$1
shift
# shellcheck disable=SC2016 # expanded in there
coproc CONTAINER {
  exec setpriv --reuid 1900100000 --regid 1900100000 --clear-groups unshare --user --mount \
    bash -c 'echo "$$"; read -r _; exec "$@" <&- >&2' container "$@"
}
read -r pid <&"${CONTAINER[0]}"
echo "0 1900100000 $count" >"/proc/$pid/uid_map"
echo "0 1900100000 $count" >"/proc/$pid/gid_map"
echo >&"${CONTAINER[1]}"
# shellcheck disable=SC2154 # set by coproc
wait "$CONTAINER_PID"
