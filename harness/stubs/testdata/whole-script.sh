#!/bin/bash
# A script as it is run: it sources its library, defines a function again, and exports one to a child.
# shellcheck disable=SC2218
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=library.sh
. "$here/library.sh"
fetch plain
(fetch in-a-subshell)
text=$(fetch in-a-substitution)
echo "$text"
fetch in-a-pipeline | cat
retry 3 fetch by-a-wrapper
fetch in-the-background &
wait
report before
fetch() { echo "defined again, fetching $1"; }
fetch defined-again
words=(fetch by-words)
"${words[@]}"
export -f fetch
bash -c 'fetch in-a-child'
eval 'fetch by-eval'
. "$here/library.sh"
fetch sourced-again
report after
