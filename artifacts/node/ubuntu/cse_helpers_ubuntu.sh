#!/bin/bash
# apt on Ubuntu. Needs cse_helpers.sh and cse_install.sh.

echo "Sourcing cse_helpers_distro.sh for Ubuntu"

# Waits until no other process holds apt's and dpkg's locks, five minutes at most.
wait_for_apt_locks() {
    local attempt
    for ((attempt = 1; attempt <= 100; attempt++)); do
        if ! fuser /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock >/dev/null 2>&1; then
            return 0
        fi
        echo "Waiting for release of apt locks"
        sleep 3
    done
    echo "apt locks were not released after 300s" >&2
    return 1
}

# (options...): updates the lists of packages; a source that cannot be fetched is a failure, though
# apt-get itself only warns of it.
apt_get_update_with_opts() {
    local attempt output status
    for ((attempt = 1; ; attempt++)); do
        dpkg --configure -a --force-confdef || :
        status=0
        output=$(wait_for_apt_locks && apt-get "$@" update 2>&1) || status=1
        printf '%s' "${output:+$output$'\n'}"
        if [ "$status" -eq 0 ] && [[ ! $'\n'$output =~ $'\n'(E:|Err:|W: Failed to fetch) ]]; then
            return 0
        fi
        if [ "$attempt" -ge 10 ]; then
            return 1
        fi
        sleep 5
    done
}

# (retries, sleep, package=version): downloads a package into APT_CACHE_DIR. The file appears there
# when it is complete, as another install may look for it.
apt_get_download() {
    local retries=$1 wait_sleep=$2 attempt
    shift 2
    for ((attempt = 1; ; attempt++)); do
        dpkg --configure -a --force-confdef || :
        if wait_for_apt_locks && _download_from_apt "$@"; then
            return 0
        fi
        if [ "$attempt" -ge "$retries" ]; then
            return 1
        fi
        sleep "$wait_sleep"
    done
}

# (package=version): one try of apt_get_download.
_download_from_apt() {
    local uri directory file status=0
    # apt-get prints: 'uri' file size hash
    uri=$(apt-get --print-uris -y download "$@") || return 1
    uri=${uri#*\'}
    uri=${uri%%\'*}
    { [ -d "$APT_CACHE_DIR" ] || mkdir -p "$APT_CACHE_DIR"; } && directory=$(mktemp -d "$APT_CACHE_DIR/.download.XXXXXX") || return 1
    (cd "$directory" && curl -fLJO "$uri") || status=1
    for file in "$directory"/*.deb; do
        if [ "$status" -eq 0 ] && [ -f "$file" ]; then
            mv -f "$file" "$APT_CACHE_DIR"
        fi
    done
    rm -rf "$directory"
    return "$status"
}
