# All of the bash side at once, for a shell that forks runs or is one: each part is parsed once, whatever a run needs.
# shellcheck shell=bash
builtin . /run/shellrig/bash/commands.sh
builtin . /run/shellrig/bash/traps.sh
builtin . /run/shellrig/bash/park.sh
builtin . /run/shellrig/bash/stubs.sh
builtin . /run/shellrig/bash/answer.sh
builtin . /run/shellrig/bash/run.sh
