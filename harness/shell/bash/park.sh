# Options and traps that sourcing left in the shell: put aside, so that the bash side itself works, and put back just
# before the call. `$(set +o)` would not do: errexit is always off in a substitution.
# shellcheck shell=bash disable=SC2034,SC2154

# After `_rig_flags=$-`.
_rig_park_options() {
  { builtin set +aefkuvxC; } 2>&-
  _rig_posix='' _rig_nocase=''
  if [[ :$SHELLOPTS: == *:posix:* ]]; then
    _rig_posix=1
    builtin set +o posix
  fi
  if [[ :$BASHOPTS: == *:nocasematch:* ]]; then
    _rig_nocase=1
    builtin shopt -u nocasematch
  fi
  _rig_flags=${_rig_flags//[^aefkuvxCE]/}
  _rig_seconds=${SECONDS-}
}

# Of the server, with errtrace on: a function sees no ERR trap without. A fresh process keeps its traps as they are.
_rig_park_traps() {
  builtin local _rig_text
  _rig_read_traps DEBUG
  builtin trap - DEBUG
  # A DEBUG trap that traps.sh did not see, set through `builtin` or `command`.
  if [[ -n $_rig_text && $_rig_text != *_rig_step* ]]; then
    builtin eval "_rig_text=(${_rig_text#trap -- })"
    _rig_debug=$_rig_text
  fi
  # The text as the script gave it is kept in _rig_return.
  _rig_has_return || builtin :
  builtin trap - RETURN
  _rig_read_traps
  _rig_traps=$_rig_text _rig_trapped=$_rig_text
  # The server has none: a signal from a run must not end its waiting. Numbers are those of Linux.
  for ((_rig_at = 0; _rig_at <= 64; _rig_at += 1)); do
    ((_rig_at == 9 || _rig_at == 19 || _rig_at == 32 || _rig_at == 33)) || builtin trap - "$_rig_at"
  done
  builtin trap - ERR
  builtin set +E
}

# Traps are reset in a fork, though listed until the first is set.
_rig_resume_traps() {
  builtin trap - RTMAX EXIT
  builtin eval "$_rig_traps"
}

_rig_resume() {
  # What a script's own process would show.
  BASH_SUBSHELL=0 _rig_called=$BASHPID
  [[ -z $_rig_seconds ]] || SECONDS=$_rig_seconds
  ((${#_rig_scripts[@]} == 0)) || BASH_ARGV0=${_rig_scripts[-1]}
  _rig_debug_pid=$BASHPID _rig_debug_depth=1 _rig_return_pid=$BASHPID _rig_return_depth=1
  [[ -n ${_rig_fresh-} ]] || _rig_resume_traps
  [[ -z $_rig_return ]] || _rig_arm_return
  _rig_pid=$BASHPID _rig_depth=0 _rig_open=()
  builtin local _rig_step=''
  _rig_make_step
  [[ -z $_rig_nocase ]] || builtin shopt -s nocasematch
  [[ -z $_rig_posix ]] || builtin set -o posix
  # In one group, so that nothing of it shows in a trace; the trap last, so that nothing of it is a step.
  builtin eval "{ builtin set -T$_rig_flags; builtin trap \"\$_rig_step\" DEBUG; } $_rig_quiet"
}
