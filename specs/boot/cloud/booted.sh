#!/bin/bash
# What the cloud's agent does with the command line that provisions a node, and its cluster after that. Sourced.

# (file of a command line, path): has the services start that are enabled, runs the command line, and then lets the
# services work until something lies at the path, at most a minute; without a path, or where the command line failed, not
# at all. Returns what the command line did.
booted() {
    local status=0 link _
    rm -f "$2" # of what lies there nothing outlives a machine that is switched off
    for link in /etc/systemd/system/multi-user.target.wants/*; do
        if [ -L "$link" ]; then
            systemctl start --no-block "${link##*/}"
        fi
    done
    bash "$1" || status=$?
    for _ in {1..60}; do
        if [ "$status" -ne 0 ] || [ -z "$2" ] || [ -e "$2" ]; then
            break
        fi
        sleep 1
    done
    return "$status"
}
