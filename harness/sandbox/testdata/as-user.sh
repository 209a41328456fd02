#!/bin/bash
# as-user.sh range|single COMMAND...: runs a command as an ordinary user of a private machine: with a range of ids or
# without one. For root. The user, its name, its ids and its home exist in a mount namespace only and go with it.
set -eu
if [[ ${INSIDE-} != 1 ]]; then
  INSIDE=1 exec unshare --mount --propagation private "$0" "$@"
fi
unset INSIDE
kind=$1 checkout=$PWD
shift
# The checkout may lie where only root may look, and vite writes into it: what is written goes to memory.
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/checkout /mnt/written /mnt/work /mnt/home /mnt/etc
mount -t overlay -o "lowerdir=$checkout,upperdir=/mnt/written,workdir=/mnt/work" overlay /mnt/checkout
mkdir -p /mnt/checkout/node_modules/.vite-temp /mnt/checkout/node_modules/.vite
chown 4242:4242 /mnt/home /mnt/checkout/node_modules/.vite-temp /mnt/checkout/node_modules/.vite
for file in passwd group subuid subgid; do
  cp "/etc/$file" "/mnt/etc/$file" 2>/dev/null || : >"/mnt/etc/$file"
  [[ -e /etc/$file ]] || : >"/etc/$file"
done
echo "rigger:x:4242:4242::/mnt/home:/bin/bash" >>/mnt/etc/passwd
echo "rigger:x:4242:" >>/mnt/etc/group
if [[ $kind == range ]]; then
  echo "rigger:7000000:65536" >>/mnt/etc/subuid
  # Another range than that of the users: the two are mapped apart.
  echo "rigger:8000000:65536" >>/mnt/etc/subgid
fi
for file in passwd group subuid subgid; do
  mount --bind "/mnt/etc/$file" "/etc/$file"
done
cd /mnt/checkout
exec setpriv --reuid 4242 --regid 4242 --clear-groups -- env HOME=/mnt/home "$@"
