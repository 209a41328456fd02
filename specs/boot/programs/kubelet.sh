#!/bin/bash
# A kubelet, as far as its node and its cluster see it: takes the flags that it is given, gets itself a certificate by
# the token that it bootstraps with, registers its node by that, and says that the node is ready when it is.
# Who puts it in place sets the next lines: its version, and the seconds that it takes to come up, and that its node takes
# from being registered to being ready.
version=v0.0.0
comes_up_after=0
is_ready_after=0
set -u

if [ "$*" = --version ]; then
    echo "Kubernetes $version"
    exit
fi

# (message): as its log has it, which is the journal.
log() {
    printf 'I%(%m%d %H:%M:%S)T.000000 %7d kubelet.go:1] %s\n' -1 "$$" "$1" >&2
}

# (message): ends as it does where it cannot go on. systemd starts it again.
fail() {
    printf 'E%(%m%d %H:%M:%S)T.000000 %7d run.go:1] "command failed" err="failed to run Kubelet: %s"\n' -1 "$$" "$1" >&2
    exit 1
}

declare -A FLAGS=()
while [ $# -gt 0 ]; do
    case $1 in
        --*=*) FLAGS[${1%%=*}]=${1#*=} ;;
        --*)
            if [ $# -gt 1 ] && [[ $2 != --* ]]; then
                FLAGS[$1]=$2
                shift
            else
                FLAGS[$1]=true
            fi
            ;;
        *) fail "unknown command $1" ;;
    esac
    shift
done
for name in "${!FLAGS[@]}"; do
    log "FLAG: $name=\"${FLAGS[$name]}\""
done

KUBECONFIG=${FLAGS[--kubeconfig]:?no flag names the kubeconfig}
BOOTSTRAP=${FLAGS[--bootstrap-kubeconfig]:-}
CERTIFICATE=/var/lib/kubelet/pki/kubelet-client-current.pem
SOCKET=${FLAGS[--container-runtime-endpoint]:?no flag names the endpoint of the container runtime}
SOCKET=${SOCKET#unix://}
NAME=${HOSTNAME,,}

# (kubeconfig, member): prints its value.
member() {
    sed -nE "s/^ *$2: *\"?([^\"]+)\"?$/\1/p" "$1"
}

# (method, path, body, argument of curl...): asks the API server, and prints what it says.
ask() {
    curl -fsS --max-time 30 --cacert "$(member "$CONFIG" certificate-authority)" -X "$1" "$(member "$CONFIG" server)$2" -d "$3" "${@:4}"
}

# Gets a certificate by the token, and writes the kubeconfig that names it.
bootstrap() {
    local CONFIG=$BOOTSTRAP token certificate
    token=$(member "$BOOTSTRAP" token)
    log "Kubeconfig file does not exist, using bootstrap kubeconfig at $BOOTSTRAP"
    # The token goes by standard input, as everybody may read a program's arguments; its first part is public.
    certificate=$(ask POST /apis/certificates.k8s.io/v1/certificatesigningrequests \
        "{\"spec\":{\"username\":\"system:bootstrap:${token%%.*}\",\"signerName\":\"kubernetes.io/kube-apiserver-client-kubelet\"}}" -H @- <<<"Authorization: Bearer $token") ||
        fail "unable to request a certificate: curl ended with $?"
    mkdir -p "${CERTIFICATE%/*}"
    if ! (umask 077 && printf '%s\n' "$certificate" >"$CERTIFICATE.new" && sed -E "s|^( *)token: .*|\1client-certificate: $CERTIFICATE|" "$BOOTSTRAP" >"$KUBECONFIG.new") ||
        ! mv -fT "$CERTIFICATE.new" "$CERTIFICATE" || ! mv -fT "$KUBECONFIG.new" "$KUBECONFIG"; then
        fail "no kubeconfig could be written"
    fi
}

# Prints its node's labels, as members of a JSON object.
labels() {
    local label
    local -a words
    IFS=, read -r -a words <<<"${FLAGS[--node-labels]:-}"
    printf '"kubernetes.io/hostname":"%s"' "$NAME"
    for label in "${words[@]}"; do
        printf ',"%s":"%s"' "${label%%=*}" "${label#*=}"
    done
}

sleep "$comes_up_after"
[ -S "$SOCKET" ] || fail "validate service connection: dial unix $SOCKET: connect: no such file or directory"
[ -s "$KUBECONFIG" ] || bootstrap
CONFIG=$KUBECONFIG
ask POST /api/v1/nodes "{\"metadata\":{\"name\":\"$NAME\",\"labels\":{$(labels)}}}" >/dev/null || fail "unable to register the node with the API server: curl ended with $?"
log "\"Successfully registered node\" node=\"$NAME\""
sleep "$is_ready_after"
ask PATCH "/api/v1/nodes/$NAME/status" '{"status":{"conditions":[{"type":"Ready","status":"True"}]}}' >/dev/null || fail "unable to tell the API server that the node is ready: curl ended with $?"
log "\"Recording event message for node\" node=\"$NAME\" event=\"NodeReady\""

# From here on it only shows that it lives, to a systemd that wants that (sd_watchdog_enabled(3)).
if [ -z "${WATCHDOG_USEC:-}" ]; then
    exec sleep infinity
fi
while sleep $((WATCHDOG_USEC / 2000000)); do
    systemd-notify WATCHDOG=1
done
