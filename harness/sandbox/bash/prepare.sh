# Runs on the host in fresh user and mount namespaces, once in each process that starts sandboxes: copies the default
# tools to a place that only those namespaces have. Sandboxes see these copies and nothing else of the host's programs.
# Ends with its standard input, and the copies with the last descriptor of the namespaces.
# Arguments: the programs to copy.
# shellcheck shell=bash
umask 022
echo "made"
# The host writes the maps meanwhile; programs started from then on are root here.
read -r _ || exit
mount -t tmpfs -o mode=0755,size=256m shellrig /run || exit
mkdir /run/host /run/host/bin || exit
cp -L -- "$@" /run/host/bin/ || exit
echo "prepared"
read -r _ || exit 0
