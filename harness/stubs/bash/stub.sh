#!/run/shellrig/host/bin/bash -p
# The executable form of every command stub: a stub's own file is the one line `#!/run/shellrig/bash/stub NAME`.
# `-p`: nothing of the caller's environment (BASH_ENV, SHELLOPTS, exported functions) changes what a stub does.
# shellcheck shell=bash disable=SC1091,SC2034
builtin set +p
builtin . /run/shellrig/bash/answer.sh
_rig_name=$1
builtin shift 2
_rig_call_id=$$.$EPOCHREALTIME
_rig_ancestors=$$
_rig_pid=$$
while ((_rig_pid > 1)) && builtin read -r _rig_line <"/proc/$_rig_pid/stat"; do
  _rig_line=${_rig_line##*) ? }
  _rig_pid=${_rig_line%% *}
  _rig_ancestors+=,$_rig_pid
done 2>/dev/null
_rig_begin c "$_rig_name" "$_rig_ancestors" "$@"
_rig_load "$_rig_name"
_rig_give "$@"
_rig_end "$_rig_code"
builtin exit "$_rig_code"
