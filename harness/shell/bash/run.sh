# One run, in a fork of the server (or, for a fresh process, in a new bash that sourced the scripts again).
# Sourced at top level and never under `if`, `&&` or `!`, so that the scripts' own `set -e` is in force.
# shellcheck shell=bash disable=SC1090,SC2086,SC2154,SC2294
builtin . /run/shellrig/bash/given.sh
if [[ ${_rig_request[1]} == exec ]]; then
  # The environment is the declared one, not what sourcing left in it.
  [[ -x ${_rig_command[0]} ]] || _rig_command=(bash "${_rig_command[@]}")
  if ((${#_rig_scripts[@]} == 0)); then
    builtin exec -- "${_rig_command[@]}"
  fi
  builtin mapfile -d '' -t _rig_env <"$_rig_box/environment"
  builtin exec -c /run/shellrig/host/bin/env -- "${_rig_env[@]}" "${_rig_exports[@]}" "${_rig_command[@]}"
fi
if [[ ${_rig_request[2]} == fresh && -z ${_rig_fresh-} ]]; then
  builtin mapfile -d '' -t _rig_env <"$_rig_box/environment"
  builtin exec -c /run/shellrig/host/bin/env -- "${_rig_env[@]}" "${_rig_exports[@]}" /run/shellrig/host/bin/bash -p /run/shellrig/bash/fresh.sh
fi
((${#_rig_scripts[@]} == 0)) || BASH_ARGV0=${_rig_scripts[-1]}
builtin trap - RTMAX
# Traps are reset in a fork: put back those that the scripts set, then record the variables at the shell's exit
# unless the scripts want that trap themselves.
builtin trap - EXIT
builtin eval "$_rig_traps"
[[ $_rig_traps == *EXIT* ]] || builtin trap '_rig_exit' EXIT
_rig_flags=${_rig_flags//[^aefuvxCET]/}
_rig_watch
[[ -z $_rig_flags ]] || builtin set "-$_rig_flags"
if [[ ${_rig_request[1]} == source ]]; then
  builtin . "${_rig_command[@]}"
else
  "${_rig_command[@]}"
fi
{ _rig_code=$?; _rig_done "$_rig_code"; } 2>&-
builtin exit "$_rig_code"
