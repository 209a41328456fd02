# Steps: every command that bash executes, written to the log by a DEBUG trap, with the call stack's depth.
# The trap keeps `$?` and `$_`, returns 0, writes in one group whose standard error is closed, so that a script's
# own `set -x` does not show it, and opens the log by path, so that a script may close every descriptor.
# shellcheck shell=bash disable=SC2154

# Starts recording in this process and, through functrace, in its functions and subshells.
_rig_watch() {
  _rig_pid=$BASHPID _rig_depth=0 _rig_dirty=
  builtin set -T
  # shellcheck disable=SC2016 # expanded when the trap runs
  builtin trap '{ _rig_status=$? _rig_last=$_; [[ $BASHPID == "$_rig_pid" ]] || _rig_new_process; [[ -z ${_rig_hooks-} ]] || _rig_hook "${#FUNCNAME[@]}" "${FUNCNAME[0]-}" "$@"; builtin printf "S\0%s\0%s\0%s\0%s\0%s\0%s\0\n\0%.0s" "$BASHPID" "$_rig_status" "${#FUNCNAME[@]}" "$LINENO" "${FUNCNAME[0]-}" "${BASH_SOURCE[0]-}" "$_rig_last"; } 2>&- >>/run/shellrig/box/log'"${_rig_debug:+
$_rig_debug}" DEBUG
}

# First step of a subshell: its end is recorded too, so that the exit code of background work is not lost.
# A subshell that looks at traps must find the ones of its parent: any `trap` command here would hide them.
_rig_new_process() {
  builtin printf 'F\0%s\0%s\0\n\0' "$BASHPID" "$_rig_pid"
  _rig_pid=$BASHPID
  case $BASH_COMMAND in
    trap | 'trap '* | 'builtin trap'*) ;;
    *) builtin trap '{ builtin printf "B\0%s\0%s\0\n\0" "$BASHPID" "$?"; } 2>&- >>/run/shellrig/box/log' EXIT ;;
  esac
}

# The end of the shell that a run called into: what `run.variable()` reads. `_rig_exit` for a shell that exits,
# `_rig_done` for a call that came back.
_rig_exit() {
  { _rig_done "$?"; } 2>&-
}
_rig_done() {
  builtin trap - DEBUG
  if [[ -z ${_rig_dumped-} ]]; then
    _rig_dumped=1
    builtin declare -p >|/run/shellrig/box/variables
  fi
  builtin return "$1"
}

# A command that does not exist, on the plain route; guard.c sees the others.
command_not_found_handle() {
  { builtin printf 'U\0%s\0%s\0%s\0%s\0%s\0\n\0' "$BASHPID" "$PPID" "$1" "${BASH_SOURCE[1]-}" "${BASH_LINENO[0]}"; } 2>&- >>/run/shellrig/box/log
  builtin printf '%s: line %s: %s: command not found\n' "${BASH_SOURCE[1]:-$0}" "${BASH_LINENO[0]}" "$1" >&2
  builtin return 127
}
