#!/bin/sh
# Stands in for apt-get: notes how it was called, knows no package before its first update if NO_LISTS is set, and
# "installs" by making the programs named in PROVIDES beside itself. BROKEN makes every installation fail.
bin=${0%/*}
echo "$DEBIAN_FRONTEND apt-get $*" >>"$bin/calls"
for word in "$@"; do
  case $word in
    update)
      [ -z "${BROKEN:-}" ] || echo 'W: Failed to fetch the list'
      : >"$bin/lists"
      exit 0
      ;;
    install)
      if [ -n "${BROKEN:-}" ] || { [ -n "${NO_LISTS:-}" ] && [ ! -e "$bin/lists" ]; }; then
        echo 'E: Unable to locate package bubblewrap' >&2
        exit 100
      fi
      for program in ${PROVIDES:-}; do
        printf '#!/bin/sh\n' >"$bin/$program"
        /bin/chmod 755 "$bin/$program"
      done
      ;;
  esac
done
