# One run, up to the call itself: in a fork of the server, or in a new bash that sourced the scripts again (fresh.sh).
# A function, so that it is parsed once a session and not once a run.
# shellcheck shell=bash disable=SC1091,SC2154
builtin . /run/shellrig/bash/given.sh

_rig_prepare() {
  builtin local -a _rig_env
  if [[ ${_rig_request[2]} == fresh && -z ${_rig_fresh-} ]]; then
    builtin mapfile -d '' -t _rig_env <"$_rig_box/environment"
    builtin exec -c /run/shellrig/host/bin/env -- "${_rig_env[@]}" /run/shellrig/host/bin/bash -p /run/shellrig/bash/fresh.sh
  fi
  _rig_apply
  if [[ ${_rig_request[1]} == exec ]]; then
    # The environment is the declared one, not what sourcing left in it.
    [[ -x ${_rig_command[0]} ]] || _rig_command=(bash "${_rig_command[@]}")
    if ((${#_rig_scripts[@]} == 0)); then
      builtin exec -- "${_rig_command[@]}"
    fi
    builtin mapfile -d '' -t _rig_env <"$_rig_box/environment"
    builtin exec -c /run/shellrig/host/bin/env -- "${_rig_env[@]}" "${_rig_exports[@]}" "${_rig_command[@]}"
  fi
  [[ ${_rig_request[1]} != source ]] || _rig_command=(. "${_rig_command[@]}")
}
