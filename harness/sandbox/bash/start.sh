# The first program of a sandbox: unpacks the image from standard input, makes read-only what scripts only read, gives
# up the right to mount, and becomes the fork server.
# Arguments: bytes of memory and number of processes that sourcing may use.
# shellcheck shell=bash
programs=/run/shellrig/host/bin
_rig_unpack || exit
unset LD_PRELOAD
"$programs/mount" -o remount,bind,ro /run/shellrig || exit
# All numbers of processes have as many digits, where the kernel lets that be said: what scripts write of them is as long
# each time. Where it has no numbers of six, they have five.
if "$programs/mount" -o remount,bind,rw,nosuid,nodev,noexec /proc/sys; then
  echo 99999 >/proc/sys/kernel/ns_last_pid || echo 9999 >/proc/sys/kernel/ns_last_pid
  "$programs/mount" -o remount,bind,ro,nosuid,nodev,noexec /proc/sys || exit
fi 2>/dev/null
# The kernel's first choice when the machine runs out of memory.
echo 1000 >/proc/self/oom_score_adj
# A limit that this user has already may be lower.
for limit in "-c 0" "-d $(($1 / 1024))" "-u $2"; do
  # shellcheck disable=SC2086 # two words
  ulimit -S $limit 2>/dev/null
done
echo "ready"
exec "$programs/setpriv" --bounding-set=-sys_admin,-setpcap --inh-caps=-all --ambient-caps=-all -- \
  "$programs/bash" /run/shellrig/bash/server.sh
