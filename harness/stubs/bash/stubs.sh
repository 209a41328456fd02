# Stubs and spies of functions, in the script's own shell. Read by the server, by fresh processes and by every bash
# child, so that a script that sources the file which defines a stubbed function still gets the stub.
# `_rig_stub_names` holds `!name` (define the stub) or `?name` (only where a function of that name exists);
# `!name:N:argv`, `!name:N:words`, `!name:N:eval` are wrappers that run the words behind the first N.
# shellcheck shell=bash disable=SC1091,SC2034,SC2154

# Read with the first call that has to be recorded.
_rig_begin() {
  builtin . /run/shellrig/bash/answer.sh
  _rig_begin "$@"
}

# Puts in place what the two lists say, and tells the DEBUG trap what to watch.
_rig_stub_functions() {
  _rig_hooks='' _rig_track=''
  ((${#_rig_stub_names[@]} + ${#_rig_spy_names[@]} == 0)) || _rig_hooks=1
  ((${#_rig_spy_names[@]} == 0)) || _rig_track=1
  _rig_know_stubs "${_rig_stub_names[@]}"
  _rig_define
}

# Puts the stubs in place, whatever has been defined since.
_rig_define() {
  builtin local _rig_word _rig_name
  _rig_defined_with=$_rig_quiet
  for _rig_word in "${_rig_stub_names[@]}"; do
    _rig_name=${_rig_word#?}
    if [[ $_rig_word == \?* ]]; then
      if ! builtin declare -F "$_rig_name"; then builtin continue; fi
    elif [[ $_rig_name == *:+([0-9]):@(argv|words|eval) ]]; then
      _rig_define_wrapper "${_rig_name%:*:*}" "${_rig_name#"${_rig_name%:*:*}":}"
      builtin continue
    fi
    # Under no option of the script's, its ERR trap included, and with no steps of what answers.
    builtin eval "$_rig_name() {
      { builtin local - _rig_code _rig_call_id; builtin set +eExukT; _rig_code=0 _rig_call_id=\$BASHPID.\$EPOCHREALTIME.\${SRANDOM-}; } $_rig_quiet
      _rig_answer $_rig_name \"\$@\" || builtin return \"\$?\"
    }"
  done >/dev/null
}

# A wrapper runs its words under the script's own options: nothing is parked around them.
_rig_define_wrapper() {
  builtin local _rig_drop _rig_run
  _rig_drop=${2%%:*}
  case ${2#*:} in
    argv) _rig_run="\"\${@:$_rig_drop + 1}\"" ;;
    words) _rig_run="\${@:$_rig_drop + 1}" ;;
    eval) _rig_run="builtin eval \"\${*:$_rig_drop + 1}\"" ;;
  esac
  builtin eval "$1() {
    { builtin local _rig_code _rig_call_id; _rig_call_id=\$BASHPID.\$EPOCHREALTIME.\${SRANDOM-}; _rig_begin f $1 \"\$BASHPID\" \"\$@\"; } $_rig_quiet
    $_rig_run
    { _rig_code=\$?; _rig_end \"\$_rig_code\"; builtin return \"\$_rig_code\"; } $_rig_quiet
  }"
}

# _rig_hook FUNCTION ARGUMENTS...: called by the DEBUG trap, by way of _rig_special, before a command executes in that
# function. A spied function is recorded when it is entered and when it has been left; nothing of it is redefined.
# Stubs are put back when the script has defined or removed functions of their names.
_rig_hook() {
  [[ -z $_rig_lost ]] || _rig_define
  [[ -n $_rig_track ]] || builtin return 0
  builtin local _rig_name _rig_call_id
  _rig_end_left
  if ((_rig_frames > _rig_depth)); then
    for _rig_name in "${_rig_spy_names[@]}"; do
      if [[ $_rig_name == "$1" ]]; then
        _rig_call_id=$BASHPID.$EPOCHREALTIME.${SRANDOM-}
        _rig_open+=("$_rig_frames $_rig_call_id")
        _rig_begin f "$1" "$BASHPID" "${@:2}"
      fi
    done
  fi
  _rig_depth=$_rig_frames
}

# The spied functions that have been left since.
_rig_end_left() {
  builtin local _rig_last_open _rig_call_id
  while ((${#_rig_open[@]} > 0)); do
    _rig_last_open=${_rig_open[${#_rig_open[@]} - 1]}
    ((_rig_frames < ${_rig_last_open%% *})) || builtin break
    _rig_call_id=${_rig_last_open#* }
    _rig_end "$_rig_status"
    builtin unset -v "_rig_open[${#_rig_open[@]} - 1]"
  done
}

_rig_answer() {
  builtin local answer_mode answer_exit answer_out answer_err answer_takes answer_files answer_real answer_text answer_stdin
  _rig_begin f "$1" "$BASHPID" "${@:2}"
  if _rig_moment call "$@"; then
    _rig_load "$1"
    _rig_give "${@:2}"
  else
    _rig_code=$?
  fi
  _rig_end "$_rig_code"
  _rig_moment end "$1"
  builtin return "$_rig_code"
}
_rig_stub_functions
