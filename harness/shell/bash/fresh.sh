# A run in a process of its own: `$$`, `$PPID`, job control and the process group are its own, at the price of
# sourcing the scripts again: silently, in the world that they were sourced in, before anything that was given.
# Started by run.sh with the declared environment.
# shellcheck shell=bash disable=SC1090,SC2154
{
  builtin set +p
  BASH_ARGV0=bash
  builtin . /run/shellrig/bash/load.sh
  builtin . /run/shellrig/bash/whole.sh
  _rig_fresh=1
  builtin mapfile -d '' -t _rig_request <"$_rig_box/request"
  builtin mapfile -d '' -t _rig_stub_names <"$_rig_box/shell.stubs"
  builtin mapfile -d '' -t _rig_spy_names <"$_rig_box/shell.spies"
  _rig_stub_functions
  [[ -z ${_rig_request[6]} ]] || _rig_unpack "$_rig_box/tar/0"
  _rig_watch
  _rig_redirect /dev/null /dev/null /dev/null
  for _rig_script in "${_rig_scripts[@]}"; do
    builtin . "$_rig_script"
  done
  { _rig_flags=$-; builtin trap - DEBUG; builtin set +E; _rig_park_options; } 2>&-
  _rig_input=${_rig_request[4]:+$_rig_box/stdin}
  _rig_redirect "${_rig_input:-/dev/null}" "$_rig_box/out" "$_rig_box/err"
  # What was recorded so far is not the run's.
  builtin printf 'X0\0' >>"$_rig_box/log"
  _rig_prepare
  _rig_resume
  "${_rig_command[@]}"
  { _rig_done "$?" && builtin :; } 2>&- {_rig_last_trace}>&-
}
