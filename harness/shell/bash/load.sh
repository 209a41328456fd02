# The bash side's functions, and the lists that the host wrote: what the server, a fresh process and every bash child
# begin with.
# shellcheck shell=bash disable=SC2034
_rig_box=/run/shellrig/box
_rig_scripts=() _rig_stub_names=() _rig_spy_names=()
builtin mapfile -d '' -t _rig_scripts <"$_rig_box/scripts"
builtin mapfile -d '' -t _rig_stub_names <"$_rig_box/stubs"
builtin mapfile -d '' -t _rig_spy_names <"$_rig_box/spies"
builtin . /run/shellrig/bash/steps.sh
