#!/bin/bash
# Under all options, and in want of what its caller sets.
set -euo pipefail
mode=$(uname_of "$KIND")

deploys() {
  echo "$TARGET" "${verbose?}" "${level:?}" >"/srv/$mode"
}
