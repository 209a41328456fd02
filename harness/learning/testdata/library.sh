# shellcheck shell=sh disable=SC1091,SC2154
# A library in the old manner: what it takes from whoever sources it is silent when it is not there.
. /etc/library.conf

if [ -e /etc/library.local ]; then
  . /etc/library.local
fi

places() {
  mkdir -p "$DESTDIR/etc"
  [ "${quiet:-no}" = yes ] || echo "to $DESTDIR"
  cat /usr/share/library/motd
}
