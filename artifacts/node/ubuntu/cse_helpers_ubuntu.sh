#!/bin/bash
# apt on Ubuntu. Needs cse_helpers.sh and cse_install.sh.
# shellcheck disable=SC2034  # wait_for_apt_locks reads a variable by its name

echo "Sourcing cse_helpers_distro.sh for Ubuntu"

# How often a command waits for apt's locks, three seconds each time: five minutes in all.
APT_LOCK_WAITS=100

# (variable = none): waits until no other process holds apt's and dpkg's locks, APT_LOCK_WAITS times at
# most and no longer than provisioning has time. The variable holds how many more times it may: so all
# tries of one command wait no longer together than one.
wait_for_apt_locks() {
    local _waits_left=$APT_LOCK_WAITS
    if [ $# -gt 0 ]; then
        _waits_left=${!1}
    fi
    while fuser /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock >/dev/null 2>&1; do
        if [ "$_waits_left" -le 0 ]; then
            echo "apt locks were not released after $((APT_LOCK_WAITS * 3))s" >&2
            return 1
        fi
        if ! check_cse_timeout false; then
            echo "apt locks are held, and provisioning has no time left to wait for them" >&2
            return 1
        fi
        echo "Waiting for release of apt locks"
        sleep 3
        _waits_left=$((_waits_left - 1))
        if [ $# -gt 0 ]; then
            printf -v "$1" '%s' "$_waits_left"
        fi
    done
}

# (options...): updates the lists of packages; a source that cannot be fetched is a failure, though
# apt-get itself only warns of it.
apt_get_update_with_opts() {
    local attempt output status lock_waits=$APT_LOCK_WAITS
    for ((attempt = 1; ; attempt++)); do
        dpkg --configure -a --force-confdef || :
        wait_for_apt_locks lock_waits || return 1
        status=0
        output=$(retrycmd_silent 1 0 120 apt-get "$@" update 2>&1) || status=$?
        printf '%s' "${output:+$output$'\n'}"
        if [ "$status" -eq 0 ] && [[ ! $'\n'$output =~ $'\n'(E:|Err:|W: Failed to fetch) ]]; then
            return 0
        fi
        if [ "$status" -eq 2 ]; then
            return 1
        fi
        if [ "$attempt" -ge 10 ]; then
            echo "apt-get update failed $attempt times; giving up." >&2
            return 1
        fi
        sleep 5
    done
}

# (retries, sleep, package=version): downloads a package into APT_CACHE_DIR. The file appears there
# when it is complete, as another install may look for it.
apt_get_download() {
    local retries=$1 wait_sleep=$2 attempt status lock_waits=$APT_LOCK_WAITS
    shift 2
    for ((attempt = 1; ; attempt++)); do
        dpkg --configure -a --force-confdef || :
        wait_for_apt_locks lock_waits || return 1
        status=0
        _download_from_apt "$@" || status=$?
        if [ "$status" -eq 0 ]; then
            return 0
        fi
        if [ "$status" -eq 2 ] || [ "$attempt" -ge "$retries" ]; then
            return 1
        fi
        sleep "$wait_sleep"
    done
}

# (package=version): one try of apt_get_download. Fails with 2 when provisioning has no time left.
_download_from_apt() {
    local said uri directory file status=0 moved=false
    # apt-get prints: 'uri' file size hash
    said=$(apt-get --print-uris -y download "$@") || return 1
    if [[ ! $said =~ \'([^\']+)\' ]]; then
        echo "apt-get tells no address of $*" >&2
        return 1
    fi
    uri=${BASH_REMATCH[1]}
    { [ -d "$APT_CACHE_DIR" ] || mkdir -p "$APT_CACHE_DIR"; } && directory=$(mktemp -d "$APT_CACHE_DIR/.download.XXXXXX") || return 1
    (cd "$directory" && retrycmd_silent 1 0 300 curl -fLJO "$uri") || status=$?
    for file in "$directory"/*.deb; do
        if [ "$status" -eq 0 ] && [ -f "$file" ]; then
            mv -f "$file" "$APT_CACHE_DIR" || status=1
            moved=true
        fi
    done
    rm -rf "$directory"
    if [ "$status" -eq 0 ] && [ "$moved" = false ]; then
        echo "$uri gave no package" >&2
        return 1
    fi
    return "$status"
}

# (retries, sleep, timeout, package or file...): installs packages. An older version is taken where that is asked for.
apt_get_install() {
    local retries=$1 wait_sleep=$2 limit=$3 attempt status lock_waits=$APT_LOCK_WAITS
    shift 3
    for ((attempt = 1; ; attempt++)); do
        dpkg --configure -a --force-confdef || :
        wait_for_apt_locks lock_waits || return 1
        status=0
        retrycmd_silent 1 0 "$limit" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends --allow-downgrades -o Dpkg::Options::=--force-confold "$@" || status=$?
        if [ "$status" -eq 0 ]; then
            return 0
        fi
        if [ "$status" -eq 2 ] || [ "$attempt" -ge "$retries" ]; then
            echo "Failed to install $* with apt-get in $attempt tries" >&2
            return 1
        fi
        sleep "$wait_sleep"
        apt_get_update_with_opts -q || :
    done
}
