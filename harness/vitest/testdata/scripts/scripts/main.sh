#!/bin/bash
# shellcheck source=lib/words.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/words.sh"
say() {
  echo "$(greeting), $1"
}
