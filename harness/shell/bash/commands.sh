# Commands that a step has to understand before they execute; read by steps.sh when one comes.
# shellcheck shell=bash disable=SC2016,SC2154

# _rig_before_exec ARGUMENTS...: `exec NAME` looks for the program itself and asks no handler. The name is taken from
# the command's text, where it is written out or is one parameter; nothing is evaluated twice.
_rig_before_exec() {
  builtin local _rig_word _rig_at
  builtin local -a _rig_words
  IFS=$' \t\n' builtin read -r -a _rig_words <<<"$BASH_COMMAND"
  _rig_at=1
  [[ ${_rig_words[0]} == exec ]] || _rig_at=2
  while [[ ${_rig_words[_rig_at]-} == -* ]]; do
    [[ ${_rig_words[_rig_at]} != -*a ]] || _rig_at=$((_rig_at + 1))
    _rig_at=$((_rig_at + 1))
  done
  _rig_word=${_rig_words[_rig_at]-}
  _rig_word=${_rig_word#[\"\']}
  _rig_word=${_rig_word%[\"\']}
  case $_rig_word in
    \$@ | \$1) _rig_word=${1-} ;;
    \$*)
      _rig_word=${_rig_word#\$}
      _rig_word=${_rig_word#\{}
      _rig_word=${_rig_word%\}}
      _rig_word=${_rig_word%\[@\]}
      [[ $_rig_word == [a-zA-Z_]*([a-zA-Z0-9_]) ]] || builtin return 0
      _rig_word=${!_rig_word-}
      ;;
  esac
  # Redirections alone, text that would have to be evaluated, and paths, which guard.c sees.
  [[ -n $_rig_word && $_rig_word != *[^a-zA-Z0-9_.+@:-]* ]] || builtin return 0
  builtin type -P -- "$_rig_word" >/dev/null || builtin printf 'U5\0%s\0%s\0%s\0\0\0' "$BASHPID" "$_rig_pid" "$_rig_word"
}

# _rig_before_diversion WORD: the trace is about to go to the descriptor that this word names.
_rig_before_diversion() {
  builtin local _rig_word
  _rig_word=${1//\"/}
  _rig_word=${_rig_word/#'${'/'$'}
  _rig_word=${_rig_word%\}}
  if [[ $_rig_word == \$+([a-zA-Z0-9_]) ]]; then
    _rig_word=${_rig_word#\$}
    _rig_word=${!_rig_word-}
  fi
  [[ $_rig_word != +([0-9]) ]] || _rig_arm "$_rig_word"
}
