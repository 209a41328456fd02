# What every bash started inside a sandbox reads first (guard.c puts it into BASH_ENV, in that process only):
# recording goes on there, and nothing of it shows in the environment. A script may have exported its options.
# shellcheck shell=bash disable=SC1090,SC2154
{ _rig_flags=$-; builtin set +aefkuvxCE; } 2>&-
builtin unset -v BASH_ENV
if [[ -n ${SHELLRIG_BASH_ENV-} ]]; then
  BASH_ENV=$SHELLRIG_BASH_ENV
  builtin export BASH_ENV
  builtin unset -v SHELLRIG_BASH_ENV
fi
builtin . /run/shellrig/bash/load.sh
((${#_rig_stub_names[@]} + ${#_rig_spy_names[@]} == 0)) || builtin . /run/shellrig/bash/stubs.sh
builtin . /run/shellrig/bash/ancestors.sh
_rig_child
_rig_watch
[[ -z ${BASH_ENV-} ]] || builtin . "$BASH_ENV"
_rig_flags=${_rig_flags//[^aefkuvxCE]/}
{ [[ -z $_rig_flags ]] || builtin set "-$_rig_flags"; } 2>&-
