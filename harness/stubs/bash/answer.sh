# How a stub records its call and gives its answer: shared by both forms, the executable one (stub.sh, a process
# of its own) and the function one (stubs.sh in this folder's sibling, the script's shell).
# An answer is a file of assignments that the host wrote (harness/stubs/answers.ts).
# shellcheck shell=bash disable=SC1090,SC2154

# Everything about one call lives in locals of the caller: _rig_call_id, _rig_code and the answer_* variables.

# _rig_begin FORM NAME ANCESTORS ARGS...: writes the call's record in one write, or in a file of its own.
_rig_begin() {
  builtin local form=$1 name=$2 ancestors=$3 LC_ALL=C IFS=' '
  builtin shift 3
  builtin local all="$*"
  if ((${#all} + ${#PWD} + $# < 3400)); then
    builtin printf '%s\0' C "$_rig_call_id" "$ancestors" "$name" "$EPOCHREALTIME" "$PWD" "$form" "$@" $'\n' >>/run/shellrig/box/log
  else
    builtin printf '%s\0' C "$_rig_call_id" "$ancestors" "$name" "$EPOCHREALTIME" "$PWD" "$form" "$@" $'\n' >>"/run/shellrig/box/big/$_rig_call_id"
    builtin printf '%s\0' L "$_rig_call_id" $'\n' >>/run/shellrig/box/log
  fi
}

# _rig_end CODE: the call is over.
_rig_end() {
  builtin printf '%s\0' E "$_rig_call_id" "$1" "$EPOCHREALTIME" $'\n' >>/run/shellrig/box/log
}

# _rig_load NAME: the answer of a stub, the given one before the shell's.
_rig_load() {
  builtin local file=${1//\//%}
  if [[ -e /run/shellrig/box/answers/$file ]]; then
    file=/run/shellrig/box/answers/$file
  else
    file=/run/shellrig/answers/$file
  fi
  builtin . "$file"
  if [[ -n $answer_stdin ]]; then
    /run/shellrig/host/bin/cat >>"/run/shellrig/box/big/$_rig_call_id.in"
    builtin printf '%s\0' I "$_rig_call_id" $'\n' >>/run/shellrig/box/log
  fi
  [[ $answer_mode != ask ]] || _rig_ask
}

# _rig_ask: the host decides. A slot is claimed without a process: noclobber creates with O_EXCL.
_rig_ask() {
  builtin local - slot=0 line
  builtin set -C
  until { : >"/run/shellrig/box/slots/$slot"; } 2>/dev/null; do
    slot=$(((slot + 1) % 16))
    ((slot > 0)) || builtin read -rt 0.01 line <>/run/shellrig/box/idle
  done
  builtin printf 'ask %s %s\n' "$slot" "$_rig_call_id" >>/run/shellrig/box/host
  builtin read -r line <>"/run/shellrig/box/wake/$slot"
  builtin . "/run/shellrig/box/reply/$slot"
  [[ -z $answer_files ]] || _rig_write "/run/shellrig/box/tar/$slot"
  builtin printf 'free %s\n' "$slot" >>/run/shellrig/box/host
  answer_files=
}

_rig_write() {
  /run/shellrig/host/bin/tar -xpf "$1" -C / --numeric-owner --keep-directory-symlink
}

# _rig_give ARGS...: the answer, as the command itself would give it; sets _rig_code.
_rig_give() {
  _rig_code=$answer_exit
  [[ -z $answer_takes ]] || /run/shellrig/host/bin/sleep "$answer_takes"
  [[ -z $answer_files ]] || _rig_write "$answer_files" || _rig_code=1
  case $answer_mode in
    real)
      "$answer_real" "$@"
      _rig_code=$?
      ;;
    bash)
      _rig_text() { builtin eval "$answer_text"; }
      _rig_text "$@"
      _rig_code=$?
      ;;
    *)
      [[ -z $answer_out ]] || builtin printf '%s' "$answer_out"
      [[ -z $answer_err ]] || builtin printf '%s' "$answer_err" >&2
      ;;
  esac
}
