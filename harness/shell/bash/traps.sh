# What a script sees of traps, as if steps.sh had none. bash lets one DEBUG trap be; functrace, which carries it into
# functions and subshells, carries the script's own DEBUG and RETURN traps there too. So a `trap` command that lists,
# or sets one of those two, meets a function of that name, which is there for just that command.
# shellcheck shell=bash disable=SC2016,SC2064,SC2154
_rig_has_traps=1

# A `trap` command comes next.
_rig_before_trap() {
  _rig_trapped=1
  case $BASH_COMMAND in
    *[Dd][Ee][Bb][Uu][Gg]* | *[Rr][Ee][Tt][Uu][Rr][Nn]*) _rig_offer ;;
    trap | trap[[:space:]]-p*)
      # Of others, only what it names is listed.
      [[ $BASH_COMMAND == trap[[:space:]]-p[[:space:]]+([A-Za-z0-9[:space:]]) ]] || _rig_offer
      ;;
    *[\$\`]*)
      # The signal's name may not be known before the command runs.
      if [[ ${BASH_COMMAND##*[[:space:]]} == *[\$\`]* ]]; then _rig_offer; fi
      ;;
  esac
}

_rig_offer() {
  # A script's own function of that name stays what it is.
  if builtin declare -F trap >/dev/null; then builtin return 0; fi
  builtin eval "trap() {
    { builtin local -; builtin set +euxk; builtin unset -f trap; } $_rig_quiet
    _rig_trap \"\$@\" || builtin return \"\$?\"
  }"
  _rig_offered=1 _rig_here=''
  # In the function the ERR trap must be what it is outside.
  if [[ $- != *E* ]]; then
    builtin set -E
    _rig_offered=E
  fi
}

_rig_withdraw() {
  builtin unset -f trap
  [[ $_rig_offered != E ]] || builtin set +E
  _rig_offered=
}

# _rig_trap ARGUMENTS...: as the builtin.
_rig_trap() {
  builtin local _rig_action _rig_name _rig_frames
  builtin local -a _rig_others
  _rig_others=() _rig_frames=$((${#BASH_LINENO[@]} - 2))
  case ${1--p} in
    -p)
      [[ $# == 0 ]] || builtin shift
      [[ ${1-} != -- ]] || builtin shift
      _rig_list_traps "$@"
      builtin return
      ;;
    --) builtin shift ;;
    -?*)
      builtin trap "$@"
      builtin return
      ;;
  esac
  if (($# == 0)); then
    _rig_list_traps
    builtin return
  fi
  if (($# == 1)) || [[ $1 == +([0-9]) ]]; then
    _rig_action=-
  else
    _rig_action=$1
    builtin shift
  fi
  for _rig_name; do
    case ${_rig_name^^} in
      DEBUG | SIGDEBUG) _rig_set_debug "$_rig_action" "$_rig_frames" ;;
      RETURN | SIGRETURN) _rig_set_return "$_rig_action" "$_rig_frames" ;;
      *) _rig_others+=("$_rig_name") ;;
    esac
  done
  ((${#_rig_others[@]} == 0)) || builtin trap -- "$_rig_action" "${_rig_others[@]}"
}

_rig_set_debug() {
  _rig_debug=${1#-} _rig_debug_depth=$2 _rig_debug_pid=$BASHPID
  _rig_arm
}

# Whether the script's own DEBUG trap is in force here: in the frame that set it and those outside, not in functions
# that these call, nor in subshells.
_rig_debugs() {
  [[ $BASHPID == "$_rig_debug_pid" ]] || builtin return 1
  builtin local _rig_frames
  _rig_frames=$((${#BASH_LINENO[@]} - 1))
  ((_rig_frames <= _rig_debug_depth)) || builtin return 1
  _rig_debug_depth=$_rig_frames
}

_rig_set_return() {
  _rig_return=${1#-} _rig_return_depth=$2 _rig_return_pid=$BASHPID
  if [[ -n $_rig_return ]]; then _rig_arm_return; else builtin trap - RETURN; fi
}

_rig_arm_return() {
  builtin trap "if { _rig_returns \"\$?\"; } $_rig_quiet; then ${_rig_return//'$?'/'$_rig_returned'}
fi" RETURN
}

# A RETURN trap that takes itself away does so unseen: no step is taken in it.
_rig_has_return() {
  [[ -n $_rig_return ]] || builtin return 1
  builtin local _rig_text
  _rig_read_traps RETURN
  [[ -n $_rig_text ]] || _rig_return=''
  [[ -n $_rig_return ]]
}

# _rig_read_traps [NAME]: what `trap -p` lists, into _rig_text. In a subshell, since a bash that has listed its traps
# catches every signal from then on; not in a substitution, which bash 5.2 can fail to read while a CHLD trap waits.
_rig_read_traps() {
  builtin local _rig_file
  builtin local -a _rig_texts
  _rig_file=/run/shellrig/box/big/traps.$BASHPID
  (builtin trap -p "$@") >|"$_rig_file"
  builtin mapfile -d '' -t _rig_texts <"$_rig_file"
  _rig_text=${_rig_texts[0]-}
}

# Whether the script's own RETURN trap is in force for what returns now, as above; a sourced file counts with the
# frame that sources it.
_rig_returns() {
  _rig_returned=$1
  [[ $BASHPID == "$_rig_return_pid" ]] || builtin return 1
  builtin local _rig_at _rig_frames
  _rig_at=1 _rig_frames=$((${#BASH_LINENO[@]} - 1))
  while ((_rig_frames > _rig_return_depth)) && [[ ${FUNCNAME[_rig_at]} == source ]]; do
    ((_rig_at += 1, _rig_frames -= 1))
  done
  ((_rig_frames <= _rig_return_depth)) || builtin return 1
  ((_rig_at > 1)) || _rig_return_depth=$((_rig_frames - 1))
}

# Installs again what says where traces go.
_rig_rearm() {
  if _rig_has_return; then _rig_arm_return; fi
}

# _rig_list_traps [NAME...]: as `trap -p`, without what is shellrig's. bash shows a subshell the traps of its parent
# until it sets one itself: so the list is read first, and shown by a subshell of its own.
_rig_list_traps() {
  builtin local _rig_text _rig_name _rig_frames _rig_shown_debug _rig_shown_return
  _rig_frames=$((${#BASH_LINENO[@]} - 3))
  _rig_shown_debug='' _rig_shown_return=''
  if [[ $BASHPID == "$_rig_debug_pid" ]] && ((_rig_frames <= _rig_debug_depth)); then _rig_shown_debug=$_rig_debug; fi
  if [[ $BASHPID == "$_rig_return_pid" ]] && ((_rig_frames <= _rig_return_depth)) && _rig_has_return; then _rig_shown_return=$_rig_return; fi
  _rig_read_traps
  (
    builtin trap - DEBUG EXIT
    builtin eval "$_rig_text"
    builtin trap - DEBUG RETURN
    if (($# > 0)); then
      for _rig_name; do
        case ${_rig_name^^} in
          DEBUG | SIGDEBUG) _rig_print_trap "$_rig_shown_debug" DEBUG ;;
          RETURN | SIGRETURN) _rig_print_trap "$_rig_shown_return" RETURN ;;
          *) builtin trap -p "$_rig_name" ;;
        esac
      done
    else
      _rig_read_traps ERR
      builtin trap - ERR
      builtin trap -p
      _rig_print_trap "$_rig_shown_debug" DEBUG
      [[ -z $_rig_text ]] || builtin printf '%s' "$_rig_text"
      _rig_print_trap "$_rig_shown_return" RETURN
    fi
    builtin trap - EXIT
  )
}

_rig_print_trap() {
  [[ -n $1 ]] || builtin return 0
  builtin printf "trap -- '%s' %s\n" "${1//\'/"'\\''"}" "$2"
}
