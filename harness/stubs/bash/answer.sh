# How a stub records its call and gives its answer: shared by both forms, the executable one (stub.sh, a process of its
# own) and the function one (stubs.sh, the script's shell). An answer is a file of assignments that the host wrote
# (harness/stubs/answers.ts); they, `_rig_call_id` and `_rig_code` live in locals of the caller.
# shellcheck shell=bash disable=SC1090,SC2064,SC2154

# _rig_begin FORM NAME ANCESTORS ARGUMENTS...: writes the call's record, in one write or in a file of its own. bash
# writes through a buffer of 4096 bytes that it also empties at a line's end; a character has up to four bytes.
_rig_begin() {
  builtin local _rig_all
  builtin printf -v _rig_all '%s' "${@:4}" "$PWD"
  if ((${#_rig_all} + $# < 900)) && [[ $_rig_all != *$'\n'* ]]; then
    _rig_record_call "$@" >>/run/shellrig/box/log
  else
    # Whatever the script's umask, the host has to read it.
    (
      builtin umask 0
      _rig_record_call "$@" >>"/run/shellrig/box/big/$_rig_call_id"
    )
    builtin printf 'L1\0%s\0' "$_rig_call_id" >>/run/shellrig/box/log
  fi
}

_rig_record_call() {
  builtin printf '%s\0' "C$(($# + 3))" "$_rig_call_id" "$3" "$2" "$EPOCHREALTIME" "$PWD" "$1" "${@:4}"
}

# _rig_end CODE: the call is over.
_rig_end() {
  builtin printf 'E3\0%s\0%s\0%s\0' "$_rig_call_id" "$1" "$EPOCHREALTIME" >>/run/shellrig/box/log
}

# _rig_load NAME: the answer of a stub, the given one before the shell's.
_rig_load() {
  builtin local _rig_file
  _rig_file=${1//\//%}
  if [[ -e /run/shellrig/box/answers/$_rig_file ]]; then
    builtin . "/run/shellrig/box/answers/$_rig_file"
  else
    builtin . "/run/shellrig/answers/$_rig_file"
  fi
}

# _rig_give ARGUMENTS...: the answer, as the command itself would give it; sets _rig_code.
_rig_give() {
  if [[ -n $answer_stdin ]]; then
    (
      builtin umask 0
      /run/shellrig/host/bin/cat >>"/run/shellrig/box/big/$_rig_call_id.in"
    )
    builtin printf 'I1\0%s\0' "$_rig_call_id" >>/run/shellrig/box/log
    _rig_act "$@" <"/run/shellrig/box/big/$_rig_call_id.in"
  else
    _rig_act "$@"
  fi
}

_rig_act() {
  builtin local _rig_line
  [[ $answer_mode != ask ]] || _rig_ask
  # Not by a process, which would outlive a stub that a signal ends. Nobody ever writes to that FIFO.
  [[ -z $answer_takes ]] || builtin read -rt "$answer_takes" _rig_line <>/run/shellrig/box/idle
  [[ -z $answer_files ]] || _rig_unpack "$answer_files" || answer_exit=1
  [[ $answer_mode != turn ]] || answer_mode=bash answer_text=". /run/shellrig/bash/turn.sh $answer_text"
  case $answer_mode in
    real)
      _rig_real "$@"
      _rig_code=$?
      ;;
    bash)
      # Text may exit; in a process of its own that is the call's end.
      if [[ -n ${_rig_at_exit+own} ]]; then
        _rig_at_exit=1
        builtin trap '_rig_end "$?"' EXIT
      fi
      _rig_text() { builtin eval "$answer_text"; }
      _rig_text "$@"
      _rig_code=$?
      ;;
    *)
      # A stream that the caller closed is no reason to complain: the command might not write at all.
      _rig_code=$answer_exit
      [[ -z $answer_out ]] || builtin printf '%s' "$answer_out" 2>/dev/null
      [[ -z $answer_err ]] || builtin printf '%s' "$answer_err" >&2 2>/dev/null
      ;;
  esac
}

# _rig_ask: the host decides; until it has, it may have archives unpacked here. A slot is claimed without a process:
# noclobber creates with O_EXCL. A script may have set TMOUT, which ends a `read` early.
_rig_ask() {
  builtin local - _rig_slot _rig_line
  _rig_slot=0
  builtin set -C
  until { builtin printf '' >"/run/shellrig/box/slots/$_rig_slot"; } 2>/dev/null; do
    _rig_slot=$(((_rig_slot + 1) % 16))
    ((_rig_slot > 0)) || builtin read -rt 0.01 _rig_line <>/run/shellrig/box/idle
  done
  builtin printf 'ask %s %s\n' "$_rig_slot" "$_rig_call_id" >>/run/shellrig/box/host
  while builtin :; do
    until builtin read -r _rig_line <>"/run/shellrig/box/wake/$_rig_slot" || (($? <= 128)); do builtin :; done
    # A script's IFS may have taken some of the word.
    [[ -n $_rig_line ]] || builtin break
    _rig_line=failed
    if _rig_unpack "/run/shellrig/box/tar/$_rig_slot" 2>/dev/null; then _rig_line=unpacked; fi
    builtin printf '%s %s %s\n' "$_rig_line" "$_rig_slot" "$_rig_call_id" >>/run/shellrig/box/host
  done
  _rig_take_answer "$_rig_slot"
}

# _rig_take_answer SLOT: the host has answered.
_rig_take_answer() {
  builtin . "/run/shellrig/box/reply/$1"
  [[ -z $answer_files ]] || _rig_unpack "/run/shellrig/box/tar/$1"
  builtin printf 'free %s %s\n' "$1" "$_rig_call_id" >>/run/shellrig/box/host
  answer_files=
}

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
