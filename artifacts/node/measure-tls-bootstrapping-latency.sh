#!/bin/bash
# Measures how long kubelet's TLS bootstrapping takes: from the start time that was written before
# kubelet was started until kubelet's kubeconfig appears. Reports it as one event.
# Set __SOURCED__ to read the functions without running them.

set -uo pipefail

KUBECONFIG_PATH=${KUBECONFIG_PATH:-/var/lib/kubelet/kubeconfig}
TLS_BOOTSTRAPPING_START_TIME_FILEPATH=${TLS_BOOTSTRAPPING_START_TIME_FILEPATH:-/opt/azure/containers/tls-bootstrap-start-time}
WATCH_TIMEOUT_SECONDS=${WATCH_TIMEOUT_SECONDS:-300}
EVENTS_LOGGING_DIR=/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events/

# How late a kubeconfig may be noticed of which inotifywait told nothing.
POLL_INTERVAL_SECONDS=1

# Waits for the kubeconfig and reports it, once. Always exits 0: nothing depends on the measurement.
waitForTLSBootstrapping() {
    local start_time
    trap cleanUpAfterWait EXIT
    if ! command -v inotifywait >/dev/null; then
        echo "inotifywait is not available, unable to wait for TLS bootstrapping"
        exit 0
    fi
    if [ ! -s "$TLS_BOOTSTRAPPING_START_TIME_FILEPATH" ]; then
        echo "TLS bootstrapping start time file not found at: $TLS_BOOTSTRAPPING_START_TIME_FILEPATH"
        exit 0
    fi
    start_time=$(<"$TLS_BOOTSTRAPPING_START_TIME_FILEPATH")
    mkdir -p "$(dirname "$KUBECONFIG_PATH")"
    if [ -f "$KUBECONFIG_PATH" ]; then
        echo "kubeconfig already exists at: $KUBECONFIG_PATH"
        emitTLSBootstrappingCompletedEvent "$start_time"
        exit 0
    fi

    echo "watching for kubeconfig to be created at $KUBECONFIG_PATH with ${WATCH_TIMEOUT_SECONDS}s timeout..."
    if watchForKubeconfig; then
        emitTLSBootstrappingCompletedEvent "$start_time"
    else
        echo "kubeconfig was not created after ${WATCH_TIMEOUT_SECONDS}s"
        createGuestAgentEvent AKS.Runtime.waitForTLSBootstrappingTimeout "$start_time" "$(date '+%F %T.%3N')"
    fi
    exit 0
}

# Succeeds when the kubeconfig appears, fails when the time is over.
#
# How inotifywait is used: as a program that prints a line, on either stream, whenever there may be
# something to see: "Watches established." once it watches, then "DIRECTORY/ EVENT NAME" for each
# file that is created in the directory or renamed into it. Whatever the line, the kubeconfig is
# looked for, so it cannot be missed between a look and the start of the watch; and without a line
# too, at every interval, as the watch may have ended (it may be out of watches, or be killed), or
# its directory may be another one by now. What else the program says is passed on.
watchForKubeconfig() {
    local deadline left pause line='' watch
    deadline=$((${EPOCHREALTIME//[!0-9]/} + WATCH_TIMEOUT_SECONDS * 1000000))
    # inotifywait's own timeout starts anew with each file, so the deadline is ours. Its own ends it
    # where this script is killed and cannot.
    exec {watch}< <(exec inotifywait -t "$WATCH_TIMEOUT_SECONDS" -m -e create -e moved_to "$(dirname "$KUBECONFIG_PATH")" 2>&1)
    while [ ! -f "$KUBECONFIG_PATH" ]; do
        left=$((deadline - ${EPOCHREALTIME//[!0-9]/}))
        if [ "$left" -le 0 ]; then
            return 1
        fi
        pause=$((left < POLL_INTERVAL_SECONDS * 1000000 ? left : POLL_INTERVAL_SECONDS * 1000000))
        printf -v pause '%d.%06d' $((pause / 1000000)) $((pause % 1000000))
        line=''
        if IFS= read -r -t "$pause" -u "$watch" line; then
            if [[ $line != /* ]]; then
                echo "inotifywait: $line"
            fi
        elif [ $? -le 128 ]; then
            sleep "$pause" # the watch has ended: only the looks are left
        fi
    done
    if [[ $line == *" ${KUBECONFIG_PATH##*/}" ]]; then
        echo "new kubeconfig created at: $KUBECONFIG_PATH"
    else
        echo "kubeconfig now exists at: $KUBECONFIG_PATH"
    fi
}

# Ends the watch, which is all that runs beside this script, and removes the start time, so that a later
# boot does not measure from it, and an event that is not whole. A signal that ends bash comes by here.
cleanUpAfterWait() {
    local watch=${!:-}
    if [ -n "$watch" ]; then
        kill "$watch" 2>/dev/null
        wait "$watch" 2>/dev/null
    fi
    rm -f "$TLS_BOOTSTRAPPING_START_TIME_FILEPATH" "$EVENTS_LOGGING_DIR.draft.$BASHPID"
}

# (start time)
emitTLSBootstrappingCompletedEvent() {
    createGuestAgentEvent AKS.Runtime.waitForTLSBootstrapping "$1" "$(date '+%F %T.%3N')"
}

# (task, start, end): writes an event file. Its name is the time in ms, with more digits when another
# script has taken that. It appears all at once and whole, as others read the directory at any time.
createGuestAgentEvent() {
    local name draft=$EVENTS_LOGGING_DIR.draft.$BASHPID
    mkdir -p "$EVENTS_LOGGING_DIR"
    if cat >"$draft" <<EVENT; then
{
    "Timestamp": "$2",
    "OperationId": "$3",
    "Version": "1.23",
    "TaskName": "$1",
    "EventLevel": "Informational",
    "Message": "Completed",
    "EventPid": "0",
    "EventTid": "0"
}
EVENT
        name=$EVENTS_LOGGING_DIR$(date '+%s%3N')
        until ln "$draft" "$name.json" 2>/dev/null || [ ! -e "$name.json" ]; do
            name+=0
        done
    fi
    rm -f "$draft"
}

if [ -z "${__SOURCED__:-}" ]; then
    waitForTLSBootstrapping
fi
