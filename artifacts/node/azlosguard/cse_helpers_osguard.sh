#!/bin/bash
# tdnf on Azure Linux OS Guard. Needs cse_helpers.sh and cse_install.sh.

echo "Sourcing cse_helpers_distro.sh for Azure Linux OS Guard"

# (retries, sleep, timeout, directory, package=version...): downloads packages, and those that they
# need, into a directory that is there. tdnf has no other word for it than an install that stops there
# (its own tests say how: pytests/tests/test_downloadonly.py).
tdnf_download() {
    retryWithMakecache tdnf "$1" "$2" "$3" install -y --downloadonly "--downloaddir=$4" "${@:5}"
}
