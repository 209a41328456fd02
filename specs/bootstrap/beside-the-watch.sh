#!/bin/bash
# What the world does while the latency is measured. Sourced after the script, whose functions it calls.
# What the measurement says goes to /tmp/said, where the world can hear it.

# Waits until the measurement has heard that inotifywait watches, and waits for more.
until_it_watches() {
    until grep -qs 'Watches established' /tmp/said; do sleep 0.01; done
}

# (how): makes the kubeconfig appear while it is watched for: created, renamed into place, or there in
# another directory, which has taken the place of the one that is watched. It is renamed from outside
# the directory, so that the watch has one thing to tell.
kubeconfig_appears() {
    until_it_watches
    case $1 in
        create) : >"$KUBECONFIG_PATH" ;;
        rename)
            : >/var/lib/kubeconfig.new
            mv /var/lib/kubeconfig.new "$KUBECONFIG_PATH"
            ;;
        elsewhere)
            mkdir /var/lib/kubelet.new
            : >/var/lib/kubelet.new/kubeconfig
            mv /var/lib/kubelet /var/lib/kubelet.old
            mv /var/lib/kubelet.new /var/lib/kubelet
            ;;
    esac
}

# (how): measures, and the kubeconfig appears meanwhile.
measure_while_it_appears() {
    kubeconfig_appears "$1" &
    waitForTLSBootstrapping >/tmp/said
}

# Measures while one file after the other appears in the directory, until the measurement has said how
# it went, and at most five seconds long. Prints their names.
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
        echo "${KUBECONFIG_PATH%/*}/file-$count"
        sleep 0.2
    done
}

# Emits an event where nothing can be written any more.
emit_on_a_full_disk() {
    mkdir -p "$EVENTS_LOGGING_DIR"
    head -c 8M /dev/zero >/srv/filler 2>/dev/null
    createGuestAgentEvent task start end
}

# (how): runs the script as a child, so that it does not lead a process group, as some units do.
measure_as_a_child() {
    kubeconfig_appears "$1" &
    (the_script) >/tmp/said
    echo "ended with $?"
}

# (what it says by then): runs the script, and ends it by a signal, as systemd or a time budget does.
measure_until_it_is_ended() {
    the_script >/tmp/said 2>&1 &
    until grep -qs "$1" /tmp/said; do sleep 0.01; done
    kill -TERM $!
    wait $!
    echo "ended with $?"
}

the_script() {
    local script
    script=$(shopt -s extdebug && declare -F waitForTLSBootstrapping)
    __SOURCED__='' exec bash "${script##* }"
}
