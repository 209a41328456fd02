#!/bin/bash
# Asks the API server whether it takes the bootstrap token, before kubelet is started with it: an API
# server that is not ready yet, or does not know the token yet, gets some time. Whatever comes of it,
# kubelet is started, and reports it as one event.
# Set __SOURCED__ to read the functions without running them.

set -uo pipefail

KUBECONFIG_PATH=${KUBECONFIG_PATH:-/var/lib/kubelet/kubeconfig}
BOOTSTRAP_KUBECONFIG_PATH=${BOOTSTRAP_KUBECONFIG_PATH:-/var/lib/kubelet/bootstrap-kubeconfig}
# How often the API server is asked, and the seconds between. Their product limits the whole wait too,
# however long the answers take: systemd gives a command before kubelet 90 seconds and then starts anew.
MAX_RETRIES=${CREDENTIAL_VALIDATION_MAX_RETRIES:-30}
RETRY_DELAY_SECONDS=${CREDENTIAL_VALIDATION_RETRY_DELAY_SECONDS:-2}
# How long a single answer may take.
RETRY_TIMEOUT_SECONDS=${CREDENTIAL_VALIDATION_RETRY_TIMEOUT_SECONDS:-5}
EVENTS_LOGGING_DIR=/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events/

# Always succeeds. CREDENTIAL_VALIDATION_APISERVER_URL and CREDENTIAL_VALIDATION_KUBE_CA_FILE say whom to ask.
validateKubeletCredentials() {
    local url=${CREDENTIAL_VALIDATION_APISERVER_URL:-} ca_file=${CREDENTIAL_VALIDATION_KUBE_CA_FILE:-} token
    if [ -f "$KUBECONFIG_PATH" ]; then
        echo "kubeconfig already exists at: $KUBECONFIG_PATH, the bootstrap token is not needed"
    elif [ -z "$url" ] || [ -z "$ca_file" ]; then
        echo "CREDENTIAL_VALIDATION_APISERVER_URL and CREDENTIAL_VALIDATION_KUBE_CA_FILE are not both set, unable to validate credentials"
    elif ! command -v curl >/dev/null; then
        echo "curl is not available, unable to validate credentials"
    elif token=$(bootstrapToken) && [ -n "$token" ]; then
        askAPIServer "${url%/}/version" "$ca_file" "$token"
    else
        echo "there is no bootstrap token in $BOOTSTRAP_KUBECONFIG_PATH, unable to validate credentials"
    fi
    echo "proceeding to start kubelet..."
}

# Prints the token in the bootstrap kubeconfig, or nothing.
bootstrapToken() {
    if [ -r "$BOOTSTRAP_KUBECONFIG_PATH" ]; then
        sed -nE "s/^[[:space:]]*token:[[:space:]]*[\"']?([^\"'[:space:]]+)[\"']?[[:space:]]*$/\1/p" "$BOOTSTRAP_KUBECONFIG_PATH" | head -n 1
    fi
}

# (URL, CA's file, token): asks until the API server takes the token, another way to bootstrap has led to
# a kubeconfig, or the time is over.
askAPIServer() {
    local url=$1 ca_file=$2 token=$3 try answer status limit began left
    began=$EPOCHSECONDS
    left=$((MAX_RETRIES * RETRY_DELAY_SECONDS))
    echo "validating the bootstrap token with $url, for up to ${left}s..."
    for ((try = 1; ; try++)); do
        limit=$((left < RETRY_TIMEOUT_SECONDS ? left : RETRY_TIMEOUT_SECONDS))
        limit=$((limit > 0 ? limit : 1)) # 0 would be no limit at all
        # The token goes by standard input, as everybody may read a program's arguments.
        answer=$(curl -sS --cacert "$ca_file" --max-time "$limit" -o /dev/null -w '%{http_code}' -H @- "$url" <<<"Authorization: Bearer $token")
        status=$?
        if [ "$status" -eq 0 ] && [ "$answer" = 200 ]; then
            echo "the API server takes the bootstrap token"
            return
        fi
        left=$((began + MAX_RETRIES * RETRY_DELAY_SECONDS - EPOCHSECONDS - RETRY_DELAY_SECONDS))
        if [ "$try" -ge "$MAX_RETRIES" ] || [ "$left" -le 0 ]; then
            break
        fi
        sleep "$RETRY_DELAY_SECONDS"
        if [ -f "$KUBECONFIG_PATH" ]; then
            echo "kubeconfig now exists at: $KUBECONFIG_PATH, the bootstrap token is not needed any more"
            return
        fi
    done
    if [ "$status" -eq 0 ]; then
        answer="answered with HTTP status $answer"
    else
        answer="could not be asked (exit status of curl: $status)"
    fi
    echo "the bootstrap token was not validated with $url in $try tries and $((EPOCHSECONDS - began))s: the API server last $answer"
}

# (task, command...): runs the command and reports it as an event, in a file whose name is the time in ms,
# with more digits when another script has taken that. It appears all at once and whole, as others read
# the directory at any time.
logs_to_events() {
    local task=$1 start name draft=$EVENTS_LOGGING_DIR.draft.$BASHPID
    shift
    start=$(date '+%F %T.%3N')
    name=$EVENTS_LOGGING_DIR$(date '+%s%3N')
    "$@"
    mkdir -p "$EVENTS_LOGGING_DIR"
    # shellcheck disable=SC2064  # what it removes is known now
    trap "rm -f '$draft'" EXIT
    if printf '{"Timestamp":"%s","OperationId":"%s","Version":"1.23","TaskName":"%s","EventLevel":"Informational","Message":"Completed: %s","EventPid":"0","EventTid":"0"}\n' \
        "$start" "$(date '+%F %T.%3N')" "$task" "$*" >"$draft"; then
        until ln "$draft" "$name.json" 2>/dev/null || [ ! -e "$name.json" ]; do
            name+=0
        done
    fi
    rm -f "$draft"
}

if [ -z "${__SOURCED__:-}" ]; then
    logs_to_events AKS.Runtime.validateKubeletCredentials validateKubeletCredentials
    exit 0
fi
