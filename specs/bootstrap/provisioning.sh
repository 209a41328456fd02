#!/bin/bash
# Stands at the place of the script that provisions a node, and does what a spec says in PROVISIONING: one of
# the functions below, with its arguments.

succeed() {
    echo provisioned
}

# (seconds, exit code)
end_after() {
    sleep "$1"
    echo "ended with $2"
    exit "$2"
}

# (signal)
end_by_signal() {
    kill "-$1" $$
}

take_an_hour() {
    sleep 3600
    echo 'not reached in time'
}

# Takes an hour, in a program that nobody can ask to end.
heed_no_signal() {
    trap '' TERM
    sleep 3600
    echo 'not reached in time'
}

# (command...): runs it in a limit of an hour, as what is retried is run.
take_an_hour_within_a_limit() {
    timeout 1h "$@"
    echo 'not reached in time'
}

# Takes an hour, in a program that nobody can ask to end, with a limit.
heed_no_signal_within_a_limit() {
    timeout 1h bash -c "trap '' TERM; sleep 3600"
}

# Takes an hour, and when it is asked to end writes what it had, which takes some seconds.
tidy_up_when_asked() {
    trap 'echo tidying up; sleep 2; echo state >/opt/azure/containers/state; exit 9' TERM
    sleep 3600
}

# Prints what the provisioning is told of the limits in time.
print_start() {
    printf 'start=%s\n' "$(printenv CSE_STARTTIME_SECONDS)"
}

# Prints what JSON cannot hold as it is: quotes, backslashes, lines, all control characters, and bytes that
# are no UTF-8, of which one is the second half of a character.
print_anything() {
    local code
    for code in {0..31}; do
        printf '%b' "\\x$(printf %02x "$code")"
    done
    printf '"quotes" \\n back\\slash\177 \xc3\xbcmlaut \xe2\x82\xac \xf0\x9f\x98\x80 \xff\xfe \xc3( \xed\xa0\x80 \xbc end'
}

# (text, bytes): prints so many bytes of it, over and over.
print_much() {
    yes "$1" | tr -d '\n' | head -c "$2"
}

# Prints a text whose last 3000 bytes begin in the middle of a character.
cut_a_character() {
    printf 'before \xe2\x82\xac'
    print_much x 2999
}

# (path): puts a file where a directory was.
put_in_the_way() {
    rm -rf "$1"
    : >"$1"
}

# Leaves nothing of the disk.
fill_the_disk() {
    head -c 8M /dev/zero >/srv/filler 2>/dev/null
}

# As the script that provisions a node does: only the first time.
succeed_once() {
    if [ -f /opt/azure/containers/provision.complete ]; then
        echo 'Already ran to success exiting...'
        exit 0
    fi
    end_after "$@"
}

read -r -a words <<<"$PROVISIONING"
"${words[@]}"
