#!/bin/bash
# Puts a file in place.
# (file, target)
deploy() {
    if [ ! -s "$1" ]; then
        echo "deploy: $1 is empty"
        return 3
    fi
    cp "$1" "$2"
    chmod 0600 "$2"
}

# Called by nobody.
forgotten() {
    echo forgotten
}
