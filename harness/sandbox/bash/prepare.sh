# Runs on the host in fresh user, mount and pid namespaces, once in each process that starts sandboxes: copies the
# default tools to a place that only those namespaces have. Sandboxes see these copies and nothing else of the host's
# programs. Ends with its standard input, that is with the process that started it at the latest; since it is process 1
# there, the kernel then ends every sandbox.
# Arguments: the programs to copy.
# shellcheck shell=bash
umask 022
echo "made"
# The host writes the maps meanwhile; programs started from then on are root here.
read -r _ || exit
# bubblewrap looks itself up by its number.
mount -t proc proc /proc || exit
mount -t tmpfs -o mode=0755,size=256m shellrig /run || exit
mkdir /run/host /run/host/bin || exit
cp -L -- "$@" /run/host/bin/ || exit
# By a pipe: the user that this runs as may not read the package.
cat <&3 >/run/host/guard.so || exit
cat <&4 >/run/host/clock.so || exit
# glibc reads a locale out of an archive by one file, and out of a directory by a dozen, in every program that starts.
# Where nothing can be packed, programs only start more slowly.
locales=(/usr/lib/locale/*)
if [[ ${locales[*]} == /usr/lib/locale/C.utf8 ]] && mkdir -p /run/host/usr/lib/locale &&
  localedef --prefix=/run/host --add-to-archive /usr/lib/locale/C.utf8 && cp -R /usr/lib/locale/C.utf8 /run/host/usr/lib/locale/ &&
  touch -r /usr/lib/locale /run/host/usr/lib/locale; then
  mount --bind /run/host/usr/lib/locale /usr/lib/locale
fi >/dev/null 2>&1
echo "prepared"
read -r _ || exit 0
