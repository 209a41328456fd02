#!/bin/bash
# Measures how long kubelet's TLS bootstrapping takes: from the start time that was written before
# kubelet was started until kubelet's kubeconfig appears. Reports it as one event.
# Set __SOURCED__ to read the functions without running them.

set -uo pipefail

KUBECONFIG_PATH=${KUBECONFIG_PATH:-/var/lib/kubelet/kubeconfig}
TLS_BOOTSTRAPPING_START_TIME_FILEPATH=${TLS_BOOTSTRAPPING_START_TIME_FILEPATH:-/opt/azure/containers/tls-bootstrap-start-time}
WATCH_TIMEOUT_SECONDS=${WATCH_TIMEOUT_SECONDS:-300}
EVENTS_LOGGING_DIR=/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events/

WATCH_PID=

# Waits for the kubeconfig and reports it. Always exits 0: nothing depends on the measurement.
#
# How inotifywait is used: as a program that prints a line, on either stream, whenever there may be
# something to see: "Watches established." once it watches, then "DIRECTORY/ EVENT NAME" for each
# file that is created in the directory or renamed into it. Whatever the line, the kubeconfig is
# looked for, so it cannot be missed between a look and the start of the watch. When the program
# ends, the wait ends; what else it says (it may be out of watches) is passed on.
waitForTLSBootstrapping() {
    local start_time deadline left line watch
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
    deadline=$(($(microseconds) + WATCH_TIMEOUT_SECONDS * 1000000))
    exec {watch}< <(exec inotifywait -t "$WATCH_TIMEOUT_SECONDS" -m -e create -e moved_to "$(dirname "$KUBECONFIG_PATH")" 2>&1)
    WATCH_PID=$!
    # inotifywait's own timeout starts anew with each file: the deadline is ours.
    while left=$((deadline - $(microseconds))) && [ "$left" -gt 0 ]; do
        printf -v left '%d.%06d' $((left / 1000000)) $((left % 1000000))
        IFS= read -r -t "$left" -u "$watch" line || break
        if [ -f "$KUBECONFIG_PATH" ] && [[ $line == *" ${KUBECONFIG_PATH##*/}" ]]; then
            echo "new kubeconfig created at: $KUBECONFIG_PATH"
            emitTLSBootstrappingCompletedEvent "$start_time"
            exit 0
        elif [ -f "$KUBECONFIG_PATH" ]; then
            break
        elif [[ $line != /* ]]; then
            echo "inotifywait: $line"
        fi
    done

    if [ -f "$KUBECONFIG_PATH" ]; then
        echo "kubeconfig now exists at: $KUBECONFIG_PATH"
        emitTLSBootstrappingCompletedEvent "$start_time"
    else
        echo "kubeconfig was not created after ${WATCH_TIMEOUT_SECONDS}s"
        createGuestAgentEvent AKS.Runtime.waitForTLSBootstrappingTimeout "$start_time" "$(date '+%F %T.%3N')"
    fi
    exit 0
}

# Ends the watch, and removes the start time, so that a later boot does not measure from it.
cleanUpAfterWait() {
    if [ -n "$WATCH_PID" ]; then
        kill "$WATCH_PID" 2>/dev/null
        wait "$WATCH_PID" 2>/dev/null
    fi
    rm -f "$TLS_BOOTSTRAPPING_START_TIME_FILEPATH"
}

# Prints the time since the epoch.
microseconds() {
    printf '%s\n' "${EPOCHREALTIME//[!0-9]/}"
}

# (start time)
emitTLSBootstrappingCompletedEvent() {
    createGuestAgentEvent AKS.Runtime.waitForTLSBootstrapping "$1" "$(date '+%F %T.%3N')"
}

# (task, start, end): writes an event file. Its name is the time in ms, with more digits when another
# script has taken that. It appears all at once, as others read the directory at any time.
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
