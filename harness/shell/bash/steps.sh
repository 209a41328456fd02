# Steps: every command that bash executes, written to the log by a DEBUG trap. The trap keeps `$?` and `$_`, returns 0,
# works under every option a script may set, shows in no `set -x` output, and opens the log by path, so that a script
# may close every descriptor. What makes a DEBUG trap visible to scripts is mended in traps.sh.
# Locals are named _rig_*, since a script may have made any other name read-only, and get their values by themselves,
# since under `set -k` a word that looks like an assignment is no argument.
# shellcheck shell=bash disable=SC2016,SC2064,SC2119,SC2120,SC2154
_rig_quiet='2>&-' _rig_tracefd='' _rig_here='' _rig_hooks='' _rig_track='' _rig_lost=''
_rig_offered='' _rig_trapped='' _rig_debug='' _rig_debug_pid='' _rig_debug_depth=0
_rig_return='' _rig_return_pid='' _rig_return_depth=0 _rig_has_traps=''

# Starts recording in this process and, through functrace, in its functions and subshells.
_rig_watch() {
  _rig_pid=$BASHPID _rig_depth=0 _rig_open=()
  builtin set -T
  _rig_arm
}

# _rig_arm [DESCRIPTOR]: (re)installs the trap; last, since it makes a step of each command after it.
_rig_arm() {
  builtin local _rig_step=''
  _rig_make_step "$@"
  builtin trap "$_rig_step" DEBUG
}

# _rig_make_step [DESCRIPTOR]: the trap's text in `_rig_step`. What writes must do so with standard error closed and the
# descriptors of a diverted trace (BASH_XTRACEFD, now or in a moment) pointing elsewhere.
_rig_make_step() {
  _rig_tracefd=${BASH_XTRACEFD-} _rig_quiet='2>&-' _rig_here=
  # What server.sh closes for the last thing that a run does.
  _rig_last_trace=2
  if [[ $_rig_tracefd == +([0-9]) ]]; then
    _rig_quiet+=" $_rig_tracefd>/dev/null"
    _rig_last_trace=$_rig_tracefd
  fi
  [[ -z ${1-} ]] || _rig_quiet+=" $1>/dev/null"
  builtin local _rig_record=''
  # Short, since bash parses it at each step; `$_` last in each command, which it then still is.
  _rig_record='_rig_step "$_"||_rig_special "$@" "$_">>/run/shellrig/box/log||builtin : "$_"'
  if [[ -z $_rig_debug ]]; then
    _rig_step="{ $_rig_record; } $_rig_quiet"
  else
    _rig_step="if { $_rig_record; _rig_debugs \"\$_\"; } $_rig_quiet; then ${_rig_debug//'$?'/'$_rig_status'}
fi"
  fi
  [[ -z $_rig_has_traps ]] || _rig_rearm
  [[ -z $_rig_hooks || $_rig_defined_with == "$_rig_quiet" ]] || _rig_define
}

# What only some scripts need is read when they do.
_rig_need_traps() {
  [[ -n $_rig_has_traps ]] || builtin . /run/shellrig/bash/traps.sh
}

# _rig_special ARGUMENTS... LAST: a step of a new process, after something that the trap must follow, or before a
# command that it must know, with the arguments of the function that takes it. The builtin has set _rig_status,
# _rig_at_line, _rig_at_function and _rig_at_file.
_rig_special() {
  builtin local _rig_frames
  _rig_frames=$((${#BASH_LINENO[@]} - 1))
  builtin set -T
  [[ $BASHPID == "$_rig_pid" ]] || _rig_new_process
  [[ ${BASH_XTRACEFD-} == "$_rig_tracefd" ]] || _rig_arm
  [[ -z $_rig_offered ]] || _rig_withdraw
  [[ -z $_rig_hooks ]] || _rig_hook "$_rig_at_function" "${@:1:$#-1}"
  _rig_here=$BASHPID:${BASH_XTRACEFD-}
  [[ -z $_rig_track$_rig_debug ]] || _rig_here+=:$_rig_frames
  case $BASH_COMMAND in
    _rig_*)
      if [[ $BASH_COMMAND == '_rig_done '* ]]; then
        _rig_dump
        # For a job that was started last.
        builtin printf 'S3\0%s\0%s\0%s\0' "$BASHPID $_rig_status $_rig_frames $_rig_at_line ${!-}" "$_rig_at_function" "$_rig_at_file"
        # No EXIT trap of the script's comes after.
        [[ -n $_rig_trapped ]] || builtin trap - DEBUG
      fi
      builtin return
      ;;
    trap | trap[[:space:]]*)
      _rig_need_traps
      _rig_before_trap
      ;;
    BASH_XTRACEFD=*)
      builtin . /run/shellrig/bash/commands.sh
      _rig_before_diversion "${BASH_COMMAND#*=}"
      ;;
    exit*) _rig_dump ;;
    # It may switch functrace off.
    set[[:space:]]*T* | set[[:space:]]*functrace* | shopt*extdebug*) _rig_here= ;;
  esac
  builtin printf 'S3\0%s\0%s\0%s\0' "$BASHPID $_rig_status $_rig_frames $_rig_at_line ${!-}" "$_rig_at_function" "$_rig_at_file"
  case $BASH_COMMAND in
    exec[[:space:]]* | command[[:space:]]exec* | builtin[[:space:]]exec*)
      builtin . /run/shellrig/bash/commands.sh
      _rig_before_exec "${@:1:$#-1}"
      ;;
  esac
  # bash keeps the trace of a `case` until that of the next command, which must not be the script's.
  builtin return 0
}

# First step of a subshell: with its call stack, since its parent may have gone on. guard.c sees its end; an EXIT trap
# here would show, and change when signals end it.
_rig_new_process() {
  builtin local _rig_at _rig_entered
  builtin local -a _rig_stack
  _rig_stack=() _rig_entered=
  # The first step of a function that is called in the background is its own.
  [[ ${BASH_COMMAND%%[[:space:]]*} != "${FUNCNAME[2]-}" ]] || _rig_entered=1
  for ((_rig_at = 2; _rig_at < ${#FUNCNAME[@]} && _rig_at < 26; _rig_at += 1)); do
    _rig_stack+=("$((${#BASH_LINENO[@]} - _rig_at)) ${BASH_LINENO[_rig_at - 1]}" "${FUNCNAME[_rig_at]}" "${BASH_SOURCE[_rig_at]}")
  done
  builtin printf '%s\0' "F$((${#_rig_stack[@]} + 1))" "$BASHPID $_rig_pid ${!:-0} $_rig_entered" "${_rig_stack[@]}"
  # `$?` is still that of what its parent did last; when the parent takes its next step it is the subshell's.
  [[ -z $_rig_track ]] || _rig_end_left
  _rig_pid=$BASHPID _rig_open=()
}

# A bash that a script started: through which processes.
_rig_child() {
  builtin local _rig_chain
  _rig_find_ancestors
  builtin printf 'P2\0%s\0%s\0' "$BASHPID" "$_rig_chain" >>/run/shellrig/box/log
}

# _rig_done STATUS: the shell that a run called into is at its end; its step has written the variables.
_rig_done() {
  builtin return "$1"
}

# What `run.variable()` reads: at the end of a call, and before an `exit`. Not in an EXIT trap: bash with one catches
# signals that would end it, and a job that it has just started then may outlive them.
_rig_dump() {
  [[ $_rig_pid != "${_rig_called-}" ]] || _rig_write_variables
}

# A command that does not exist, on the plain route; guard.c sees the others.
command_not_found_handle() {
  { builtin local -; builtin set +euxk; } 2>&-
  builtin local _rig_at _rig_path
  _rig_at=1 _rig_path=${PATH-}
  # A wrapper's stand-in is no place of the script's.
  while [[ ${BASH_SOURCE[_rig_at]-} == /run/shellrig/bash/stubs.sh ]]; do _rig_at=$((_rig_at + 1)); done
  # What has a line end or is long would not be written at once.
  _rig_path=${_rig_path//$'\n'/ }
  builtin printf 'U6\0%s\0%s\0%s\0%s\0%s\0%s\0' "$BASHPID" "$_rig_pid" "$1" "${BASH_SOURCE[_rig_at]-}" "${BASH_LINENO[_rig_at - 1]}" "${_rig_path:0:1000}" >>/run/shellrig/box/log
  builtin printf '%s: line %s: %s: command not found\n' "${BASH_SOURCE[_rig_at]:-$0}" "${BASH_LINENO[_rig_at - 1]}" "$1" >&2
  builtin return 127
}
