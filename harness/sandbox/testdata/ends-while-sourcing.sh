#!/bin/bash
# Does at file level what ATTACK names.
# shellcheck source=harness/sandbox/testdata/attacks.sh
. "${BASH_SOURCE[0]%/*}/attacks.sh"
"$ATTACK"
