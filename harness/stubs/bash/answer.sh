# How a stub records its call and gives its answer: shared by both forms, the executable one (stub.sh, a process of its
# own) and the function one (stubs.sh, the script's shell). An answer is a file of assignments that the host wrote
# (harness/stubs/answers.ts); they, `_rig_call_id` and `_rig_code` live in locals of the caller.
# shellcheck shell=bash disable=SC1090,SC2154

# The process and those that led to it, innermost first, into _rig_chain.
_rig_find_ancestors() {
  builtin local _rig_at _rig_line
  _rig_chain=$BASHPID _rig_at=$BASHPID
  while ((_rig_at > 1)) && builtin read -r _rig_line <"/proc/$_rig_at/stat"; do
    _rig_line=${_rig_line##*) ? }
    _rig_at=${_rig_line%% *}
    _rig_chain+=,$_rig_at
  done 2>/dev/null
}

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
  if [[ -n $answer_stdin ]]; then
    (
      builtin umask 0
      /run/shellrig/host/bin/cat >>"/run/shellrig/box/big/$_rig_call_id.in"
    )
    builtin printf 'I1\0%s\0' "$_rig_call_id" >>/run/shellrig/box/log
  fi
  [[ $answer_mode != ask ]] || _rig_ask
}

# _rig_ask: the host decides. A slot is claimed without a process: noclobber creates with O_EXCL. A script may have
# set TMOUT, which ends a `read` early.
_rig_ask() {
  builtin local - _rig_slot _rig_line
  _rig_slot=0
  builtin set -C
  until { builtin printf '' >"/run/shellrig/box/slots/$_rig_slot"; } 2>/dev/null; do
    _rig_slot=$(((_rig_slot + 1) % 16))
    ((_rig_slot > 0)) || builtin read -rt 0.01 _rig_line <>/run/shellrig/box/idle
  done
  builtin printf 'ask %s %s\n' "$_rig_slot" "$_rig_call_id" >>/run/shellrig/box/host
  until builtin read -r _rig_line <>"/run/shellrig/box/wake/$_rig_slot" || (($? <= 128)); do builtin :; done
  builtin . "/run/shellrig/box/reply/$_rig_slot"
  [[ -z $answer_files ]] || _rig_write "/run/shellrig/box/tar/$_rig_slot"
  builtin printf 'free %s\n' "$_rig_slot" >>/run/shellrig/box/host
  answer_files=
}

_rig_write() {
  /run/shellrig/host/bin/tar -xpf "$1" -C / --numeric-owner --keep-directory-symlink
}

# _rig_give ARGUMENTS...: the answer, as the command itself would give it; sets _rig_code.
_rig_give() {
  if [[ -n $answer_stdin ]]; then
    _rig_act "$@" <"/run/shellrig/box/big/$_rig_call_id.in"
  else
    _rig_act "$@"
  fi
}

_rig_act() {
  builtin local _rig_line
  _rig_code=$answer_exit
  # Not by a process, which would outlive a stub that a signal ends. Nobody ever writes to that FIFO.
  [[ -z $answer_takes ]] || builtin read -rt "$answer_takes" _rig_line <>/run/shellrig/box/idle
  [[ -z $answer_files ]] || _rig_write "$answer_files" || _rig_code=1
  case $answer_mode in
    real)
      _rig_real "$@"
      _rig_code=$?
      ;;
    bash)
      _rig_text() { builtin eval "$answer_text"; }
      _rig_text "$@"
      _rig_code=$?
      ;;
    *)
      [[ -z $answer_out ]] || builtin printf '%s' "$answer_out" 2>/dev/null
      [[ -z $answer_err ]] || builtin printf '%s' "$answer_err" >&2 2>/dev/null
      ;;
  esac
}
