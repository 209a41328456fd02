#!/bin/bash
# dnf on Mariner and Azure Linux. Needs cse_helpers.sh and cse_install.sh.

echo "Sourcing cse_helpers_distro.sh for Mariner"

# (retries, sleep, timeout, directory, package-version...): downloads packages, and those that they
# need, into a directory.
dnf_download() {
    retryWithMakecache dnf "$1" "$2" "$3" download --resolve "--downloaddir=$4" "${@:5}"
}

# (retries, sleep, timeout, package or file...): installs packages.
dnf_install() {
    retryWithMakecache dnf "$1" "$2" "$3" install -y "${@:4}"
}
