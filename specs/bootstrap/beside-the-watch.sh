#!/bin/bash
# What the world does while the latency is measured. Sourced after the script, whose functions it calls.
# What the measurement says goes to /tmp/said, where the world can hear it.

# Waits until the measurement has heard that inotifywait watches, and waits for more.
until_it_watches() {
    until grep -qs 'Watches established' /tmp/said; do sleep 0.01; done
}

# (how): makes the kubeconfig appear while it is watched for: created, or renamed into place. It is
# renamed from outside the directory, so that the watch has one thing to tell.
kubeconfig_appears() {
    until_it_watches
    if [ "$1" = create ]; then
        : >"$KUBECONFIG_PATH"
    else
        : >/var/lib/kubeconfig.new
        mv /var/lib/kubeconfig.new "$KUBECONFIG_PATH"
    fi
}

# (how): measures, and the kubeconfig appears meanwhile.
measure_while_it_appears() {
    kubeconfig_appears "$1" &
    waitForTLSBootstrapping >/tmp/said
}

# Measures while one file after the other appears in the directory, until the measurement has said how
# it went, and at most five seconds long.
measure_while_others_appear() {
    others_appear &
    waitForTLSBootstrapping >/tmp/said
}

others_appear() {
    local count
    until_it_watches
    for ((count = 1; count <= 25; count++)); do
        if compgen -G "$EVENTS_LOGGING_DIR*.json" >/dev/null; then
            break
        fi
        : >"${KUBECONFIG_PATH%/*}/file-$count"
        sleep 0.2
    done
    echo "$count files appeared"
}

# Emits an event where nothing can be written any more.
emit_on_a_full_disk() {
    mkdir -p "$EVENTS_LOGGING_DIR"
    head -c 8M /dev/zero >/srv/filler 2>/dev/null
    createGuestAgentEvent task start end
}

# (how): runs the script as a child, so that it does not lead a process group, as some units do.
measure_as_a_child() {
    local script
    script=$(shopt -s extdebug && declare -F waitForTLSBootstrapping)
    kubeconfig_appears "$1" &
    __SOURCED__='' bash "${script##* }" >/tmp/said
    echo "ended with $?"
}
