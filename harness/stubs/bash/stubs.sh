# Stubs and spies of functions, in the script's own shell. Read by the server, by fresh processes and by every bash
# child, so that a script that sources the file which defines a stubbed function still gets the stub.
# `_rig_stub_names` holds `!name` (define the stub) or `?name` (only where a function of that name exists);
# `!name:N:argv`, `!name:N:words`, `!name:N:eval` are wrappers that run the words behind the first N.
# shellcheck shell=bash disable=SC1091,SC2034,SC2154
builtin . /run/shellrig/bash/answer.sh

_rig_stub_functions() {
  _rig_hooks=
  ((${#_rig_stub_names[@]} + ${#_rig_spy_names[@]} == 0)) || _rig_hooks=1
  _rig_define
}

# Puts the stubs in place, whatever has been defined since.
_rig_define() {
  builtin local word name
  for word in "${_rig_stub_names[@]}"; do
    name=${word#?}
    if [[ $word == \?* ]]; then
      builtin declare -F "$name" >/dev/null || builtin continue
    elif [[ $name == *:*:* ]]; then
      _rig_define_wrapper "${name%%:*}" "${name#*:}"
      builtin continue
    fi
    builtin eval "$name() { { builtin local - _rig_code _rig_call_id=\$BASHPID.\$EPOCHREALTIME; builtin set +eux; } 2>&-
      _rig_answer $name \"\$@\"; }"
  done
}

_rig_answer() {
  builtin local answer_mode answer_exit answer_out answer_err answer_takes answer_files answer_real answer_text answer_stdin
  _rig_begin f "$1" "$BASHPID" "${@:2}"
  _rig_load "$1"
  _rig_give "${@:2}"
  _rig_end "$_rig_code"
  builtin return "$_rig_code"
}

# A wrapper runs its words under the script's own options: nothing is parked around them.
_rig_define_wrapper() {
  builtin local name=$1 drop=${2%%:*} run
  case ${2#*:} in
    argv) run="\"\${@:$drop + 1}\"" ;;
    words) run="\${@:$drop + 1}" ;;
    eval) run="builtin eval \"\${*:$drop + 1}\"" ;;
  esac
  builtin eval "$name() { { builtin local _rig_code _rig_call_id=\$BASHPID.\$EPOCHREALTIME; _rig_begin f $name \"\$BASHPID\" \"\$@\"; } 2>&-
    $run
    { _rig_code=\$?; _rig_end \"\$_rig_code\"; builtin return \"\$_rig_code\"; } 2>&-; }"
}

# Called by the DEBUG trap with the call stack's depth, the function (or file) that executes, and its arguments.
# A spied function is recorded when it is entered; nothing of it is redefined. Where code outside functions runs,
# or a file was just read, functions may have been defined: the stubs are put back.
_rig_hook() {
  builtin local depth=$1 frame=$2 dirty= name _rig_call_id=$BASHPID.$EPOCHREALTIME
  case $frame in
    '' | main | source) dirty=1 ;;
  esac
  case $BASH_COMMAND in
    '. '* | 'source '* | 'eval '* | 'builtin '* | 'command '*) dirty=1 ;;
  esac
  [[ -z $dirty$_rig_dirty ]] || _rig_define
  _rig_dirty=$dirty
  if ((depth > _rig_depth)); then
    for name in "${_rig_spy_names[@]}"; do
      [[ $name != "$frame" ]] || _rig_begin f "$frame" "$BASHPID" "${@:3}"
    done
  fi
  _rig_depth=$depth
}
_rig_stub_functions
