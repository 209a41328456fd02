#!/bin/bash
# What can only be seen from beside an install: a program that runs while it is replaced, two installs
# at one time. Sourced after the scripts that install.

# (target, install...): runs the program at the target while it is installed anew, and says what has
# become of the running one.
while_the_target_runs() {
    local target=$1 pid
    shift
    "$target" 60 &
    pid=$!
    until [ "$(readlink "/proc/$pid/exe")" = "$target" ]; do sleep 0; done
    "$@" || echo "install failed with $?"
    kill -0 "$pid" && echo "still runs: $(readlink "/proc/$pid/exe")"
    kill "$pid"
    wait "$pid" 2>/dev/null
    return 0
}

# (install...): runs the same install twice at one time, and says how each ended.
twice_at_once() {
    local first second
    "$@" &
    first=$!
    "$@" &
    second=$!
    wait "$first"
    echo "first ended with $?"
    wait "$second"
    echo "second ended with $?"
}
