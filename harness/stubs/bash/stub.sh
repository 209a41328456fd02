#!/run/shellrig/host/bin/bash -p
# The executable form of every command stub: a stub's own file is the one line `#!/run/shellrig/bash/stub NAME`.
# `-p`: nothing of the caller's environment (BASH_ENV, SHELLOPTS, exported functions) changes what a stub does.
# shellcheck shell=bash disable=SC1091,SC2034,SC2064,SC2154,SC2317
builtin set +p
builtin set +o posix
builtin unset -v FUNCNEST
builtin . /run/shellrig/bash/answer.sh
_rig_name=$1
builtin shift 2
_rig_call_id=$$.$EPOCHREALTIME _rig_code=0
_rig_find_ancestors

# The real program, under its own name: as a child, so that its end is recorded, to which signals are handed on.
# bash has a child in the background ignore INT and QUIT, so these two end it as TERM does.
_rig_real() {
  builtin local _rig_signal _rig_child _rig_ended
  _rig_ended=''
  for _rig_signal in HUP TERM USR1 USR2 CONT WINCH; do
    builtin trap "builtin kill -$_rig_signal \"\$_rig_child\"" "$_rig_signal"
  done
  builtin trap '_rig_ended=130; builtin kill "$_rig_child"' INT
  builtin trap '_rig_ended=131; builtin kill "$_rig_child"' QUIT
  if [[ -e /proc/self/fd/0 ]]; then
    { builtin exec -a "${_rig_name##*/}" -- "$answer_real" "$@"; } <&0 &
  else
    { builtin exec -a "${_rig_name##*/}" -- "$answer_real" "$@"; } <&- &
  fi
  _rig_child=$!
  # A signal ends a wait early.
  while builtin wait "$_rig_child"; _rig_code=$?; ((_rig_code > 128)) && builtin kill -0 "$_rig_child"; do builtin :; done 2>/dev/null
  ((_rig_code <= 128)) || { builtin wait "$_rig_child"; _rig_code=$?; } 2>/dev/null
  builtin return "${_rig_ended:-$_rig_code}"
}

_rig_begin c "$_rig_name" "$_rig_chain" "$@"
_rig_load "$_rig_name"
# Text may exit.
[[ $answer_mode != bash ]] || builtin trap '_rig_end "$?"' EXIT
_rig_give "$@"
[[ $answer_mode == bash ]] || _rig_end "$_rig_code"
builtin exit "$_rig_code"
