#!/bin/bash
# Commands that specs log as events, and shells in which they do.
# shellcheck disable=SC2034  # specs read what is set

succeed() { :; }

# (status)
fail() { return "$1"; }

print_words() { printf '<%s>\n' "$@"; }

print_both() {
    echo to stdout
    echo to stderr >&2
}

set_result() { RESULT=$1; }

# (names...): prints the values of variables.
print_variables() {
    local __one
    for __one; do printf '%s\n' "${!__one}"; done
}

three_events_at_one_time() {
    unset EPOCHREALTIME # bash moves it no more
    EPOCHREALTIME=1772366400.123456
    logs_to_events first succeed
    logs_to_events second succeed
    logs_to_events third succeed
}

# (task, command...): logs the command as an event where nothing can be written any more.
on_a_full_disk() {
    mkdir -p "$EVENTS_LOGGING_DIR"
    head -c 8M /dev/zero >/srv/filler 2>/dev/null
    local code=0
    logs_to_events "$@" || code=$?
    rm /srv/filler
    return "$code"
}

under_set_e() {
    set -e
    logs_to_events task fail 5
    echo not reached
}

with_exit_trap() {
    trap 'echo "trap with $?"' EXIT
    logs_to_events task "$@"
    echo after the event
}

set_exit_trap() { trap 'echo of the command' EXIT; }

command_sets_exit_trap() {
    trap 'echo of the shell' EXIT
    logs_to_events task set_exit_trap
    echo after the event
}

exit_after_event() {
    logs_to_events task succeed
    exit 3
}

event_in_a_subshell() {
    trap 'echo trap of the parent' EXIT
    (logs_to_events task succeed)
}

# (helpers): logs a command as an event, in a group that is asked twice to end while the command runs.
asked_twice_to_end() {
    # shellcheck disable=SC2016  # that is for the other shell
    setsid -w bash -c 'source "$1"; (trap "" TERM; sleep 1; kill -TERM 0; sleep 0.1; kill -TERM 0) & logs_to_events task sleep 5' bash "$1"
}
