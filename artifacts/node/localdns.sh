#!/bin/bash
# Runs the node's own name server: CoreDNS at addresses of this machine alone, which asks the servers that
# the network tells. When it answers, the node asks it and systemd is told that it has started. When it
# ends, however it does, the node asks the network's servers again.
# LOCALDNS_BASE64_ENCODED_COREFILE is its configuration, for the case that the file is lost.
# Set __SOURCED__ to read the functions without running them.

set -uo pipefail

LOCALDNS_DIR=/opt/azure/containers/localdns
COREDNS=$LOCALDNS_DIR/binary/coredns
CORE_FILE=$LOCALDNS_DIR/localdns.corefile
RUNNING_CORE_FILE=$LOCALDNS_DIR/updated.localdns.corefile
RESOLV_CONF=/run/systemd/resolve/resolv.conf
INTERFACE=localdns
# What the node asks, and what containers ask.
ADDRESSES=(169.254.10.10 169.254.10.11)
# The cloud's server, for which the configuration has the place of those that the network tells.
CLOUD_SERVER=168.63.129.16
READY_URL=http://${ADDRESSES[0]}:8181/ready
START_SECONDS=20

main() {
    trap 'stopServing $?' EXIT
    trap 'exit 0' TERM INT
    writeRunningCoreFile || exit 1
    addAddresses || exit 1
    "$COREDNS" -conf "$RUNNING_CORE_FILE" &
    SERVER=$!
    waitUntilItAnswers || exit 1
    askLocally || exit 1
    systemd-notify --ready || true # without systemd there is nobody to tell
    wait "$SERVER"
    echo "the name server ended with exit code $?" >&2
    exit 1
}

# Puts the servers that the network tells where the configuration has the cloud's.
writeRunningCoreFile() {
    local name server servers='' text
    if [ ! -s "$CORE_FILE" ]; then
        mkdir -p "$LOCALDNS_DIR"
        if [ -z "${LOCALDNS_BASE64_ENCODED_COREFILE:-}" ] || ! base64 -d <<<"$LOCALDNS_BASE64_ENCODED_COREFILE" >"$CORE_FILE.draft" ||
            ! mv -fT "$CORE_FILE.draft" "$CORE_FILE"; then
            rm -f "$CORE_FILE.draft"
            echo "there is no $CORE_FILE, and none in LOCALDNS_BASE64_ENCODED_COREFILE" >&2
            return 1
        fi
    fi
    while read -r name server _; do
        if [ "$name" = nameserver ] && [[ " ${ADDRESSES[*]} " != *" $server "* ]]; then
            servers+=${servers:+ }$server
        fi
    done <"$RESOLV_CONF"
    if [ -z "$servers" ]; then
        echo "$RESOLV_CONF tells no name server to ask" >&2
        return 1
    fi
    text=$(<"$CORE_FILE")
    printf '%s\n' "${text//"$CLOUD_SERVER"/"$servers"}" >"$RUNNING_CORE_FILE.draft" && mv -fT "$RUNNING_CORE_FILE.draft" "$RUNNING_CORE_FILE"
}

# Gives the machine the addresses at which it serves. Who asks there is not tracked: the table of connections
# is too small for all questions.
addAddresses() {
    local address
    removeAddresses
    ip link add name "$INTERFACE" type dummy && ip link set up dev "$INTERFACE" || return 1
    for address in "${ADDRESSES[@]}"; do
        ip addr add "$address/32" dev "$INTERFACE" || return 1
    done
    eachRule -C -A
}

# Takes away what an earlier run may have left, too.
removeAddresses() {
    eachRule -C -D present
    if ip link show dev "$INTERFACE" >/dev/null 2>&1; then
        ip link del name "$INTERFACE"
    fi
}

# (test, command, present = not): runs the command for each rule of which the test says so.
eachRule() {
    local test=$1 command=$2 wanted=${3:-} chain address protocol found
    for chain in OUTPUT PREROUTING; do
        for address in "${ADDRESSES[@]}"; do
            for protocol in tcp udp; do
                found=''
                if iptables -w 10 -t raw "$test" "$chain" -p "$protocol" -d "$address" --dport 53 -j NOTRACK 2>/dev/null; then
                    found=present
                fi
                if [ "$found" = "$wanted" ]; then
                    iptables -w 10 -t raw "$command" "$chain" -p "$protocol" -d "$address" --dport 53 -j NOTRACK || return 1
                fi
            done
        done
    done
}

# Fails when it ends first, or does not answer in time.
waitUntilItAnswers() {
    local deadline=$((SECONDS + START_SECONDS))
    until curl -fsS -o /dev/null --max-time 1 "$READY_URL" 2>/dev/null; do
        if ! kill -0 "$SERVER" 2>/dev/null; then
            echo "the name server ended before it answered" >&2
            return 1
        fi
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "the name server did not answer within ${START_SECONDS}s" >&2
            return 1
        fi
        sleep 0.5
    done
}

# Prints the file in which the network's settings of the node's interface can be added to.
networkDropIn() {
    local file
    file=$(LC_ALL=C timeout 10 networkctl --no-pager --no-legend status eth0 | sed -n 's/^ *Network File: *//p' | head -n 1)
    if [[ $file != /* ]]; then
        echo "networkctl does not tell by which file eth0 is set" >&2
        return 1
    fi
    echo "/run/systemd/network/${file##*/}.d/70-localdns.conf"
}

askLocally() {
    DROP_IN=$(networkDropIn) || return 1
    mkdir -p "${DROP_IN%/*}" && printf '[Network]\nDNS=%s\n[DHCP]\nUseDNS=false\n' "${ADDRESSES[0]}" >"$DROP_IN" && timeout 10 networkctl reload
}

# (exit code): undoes all that it did, in the other order: the node stops asking before nobody answers.
stopServing() {
    trap - EXIT TERM INT
    if [ -n "${DROP_IN:-}" ]; then
        rm -f "$DROP_IN"
        timeout 10 networkctl reload
    fi
    removeAddresses
    if [ -n "${SERVER:-}" ]; then
        kill "$SERVER" 2>/dev/null
        wait "$SERVER" 2>/dev/null
    fi
    exit "$1"
}

if [ -z "${__SOURCED__:-}" ]; then
    main
fi
