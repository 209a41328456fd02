# What every bash started inside a sandbox reads first (guard.c puts it into BASH_ENV, in that process only):
# recording goes on there, and nothing of it shows in the environment.
# shellcheck shell=bash disable=SC1090,SC2154
builtin unset -v BASH_ENV
if [[ -n ${SHELLRIG_BASH_ENV-} ]]; then
  BASH_ENV=$SHELLRIG_BASH_ENV
  builtin export BASH_ENV
  builtin unset -v SHELLRIG_BASH_ENV
fi
_rig_box=/run/shellrig/box
builtin mapfile -d '' -t _rig_stub_names <"$_rig_box/stubs"
builtin mapfile -d '' -t _rig_spy_names <"$_rig_box/spies"
builtin . /run/shellrig/bash/steps.sh
builtin . /run/shellrig/bash/stubs.sh
[[ -z ${BASH_ENV-} ]] || builtin . "$BASH_ENV"
_rig_watch
