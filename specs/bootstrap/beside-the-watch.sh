#!/bin/bash
# How specs have the latency measured otherwise than systemd does. Sourced after the script.

# Runs the script as a child, so that it does not lead a process group, as some units do.
measure_as_a_child() {
    (
        script=$(shopt -s extdebug && declare -F waitForTLSBootstrapping)
        __SOURCED__='' exec bash "${script##* }"
    )
    echo "ended with $?"
}

# Emits an event where nothing can be written any more.
emit_on_a_full_disk() {
    mkdir -p "$EVENTS_LOGGING_DIR"
    head -c 8M /dev/zero >/srv/filler 2>/dev/null
    createGuestAgentEvent task start end
    rm /srv/filler
}
