# A run in a process of its own: `$$`, `$PPID`, job control and the process group are its own, at the price of
# sourcing the scripts again. Started by run.sh with the declared environment.
# shellcheck shell=bash disable=SC1090,SC2154
{
  builtin set +p
  _rig_box=/run/shellrig/box
  _rig_fresh=1
  BASH_ARGV0=bash
  builtin mapfile -d '' -t _rig_request <"$_rig_box/request"
  builtin mapfile -d '' -t _rig_scripts <"$_rig_box/scripts"
  builtin mapfile -d '' -t _rig_stub_names <"$_rig_box/stubs"
  builtin mapfile -d '' -t _rig_spy_names <"$_rig_box/spies"
  builtin . /run/shellrig/bash/steps.sh
  builtin . /run/shellrig/bash/stubs.sh
  for _rig_script in "${_rig_scripts[@]}"; do
    builtin . "$_rig_script" >/dev/null 2>&1
  done
  { _rig_flags=$-; builtin set +aefuvxCET; } 2>&-
  _rig_traps=$(builtin trap -p)
  builtin trap - EXIT ERR DEBUG RETURN
  builtin . /run/shellrig/bash/run.sh
}
