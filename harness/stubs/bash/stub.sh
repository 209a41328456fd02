#!/run/shellrig/host/bin/bash -p
# The executable form of every command stub: a stub's own file is the one line `#!/run/shellrig/bash/stub NAME`.
# `-p`: nothing of the caller's environment (BASH_ENV, SHELLOPTS, exported functions) changes what a stub does.
# shellcheck shell=bash disable=SC1091,SC2034,SC2064,SC2154,SC2317
builtin set +p
builtin set +o posix
builtin unset -v FUNCNEST
builtin . /run/shellrig/bash/ancestors.sh
builtin . /run/shellrig/bash/answer.sh
_rig_name=$1
builtin shift 2
_rig_call_id=$$.$EPOCHREALTIME.${SRANDOM-} _rig_code=0 _rig_at_exit=''

if [[ -n ${SHELLRIG_CALL-} ]]; then
  # guard.c has recorded the call and asked the host, whose answer is for bash to give.
  _rig_slot=${SHELLRIG_CALL%% *} _rig_call_id=${SHELLRIG_CALL#* }
  builtin unset -v SHELLRIG_CALL
  _rig_load "$_rig_name"
  _rig_take_answer "$_rig_slot"
  _rig_give "$@"
else
  _rig_find_ancestors
  _rig_begin c "$_rig_name" "$_rig_chain" "$@"
  if _rig_moment call "$_rig_name" "$@"; then
    _rig_load "$_rig_name"
    _rig_give "$@"
  else
    _rig_code=$?
  fi
fi
[[ -n $_rig_at_exit ]] || _rig_end "$_rig_code"
_rig_moment end "$_rig_name"
builtin exit "$_rig_code"
