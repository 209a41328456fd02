#!/bin/sh
# Stands in for sudo without a password; REFUSES makes it one that wants to ask.
echo "sudo $*" >>"${0%/*}/calls"
[ "$1" = -n ] || exit 2
[ -z "${REFUSES:-}" ] || exit 1
shift
exec "$@"
