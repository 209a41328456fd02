#!/bin/bash
# Keeps the packets that kubenet's bridge hears of its own from being answered twice: a bridge that hears all
# (promiscuous) hands what a container sends to another one on once as a bridge and once as a router. What
# the router sends to containers in the bridge's own name is dropped, but for what the bridge itself says.
# The bridge appears with the first container, so the service asks again every minute.

set -uo pipefail

CHAIN=AKS-DEDUP-PROMISC
BRIDGE=cbr0
NETWORKS=/etc/cni/net.d/10-containerd-net.conflist

main() {
    local address subnet mac wanted found
    if [ ! -d "/sys/class/net/$BRIDGE" ]; then
        echo "there is no $BRIDGE yet, nothing to do"
        return 0
    fi
    subnet=$(jq -r '[.plugins[]? | .ipam.ranges[]?[]?.subnet // .ipam.subnet // empty][0] // empty' "$NETWORKS")
    address=$(ip -4 -json addr show dev "$BRIDGE" | jq -r '[.[].addr_info[]?.local][0] // empty')
    mac=$(cat "/sys/class/net/$BRIDGE/address")
    if [ -z "$subnet" ] || [ -z "$address" ] || [ -z "$mac" ]; then
        echo "the network of $BRIDGE is not known yet (subnet: ${subnet:-none}, address: ${address:-none})"
        return 0
    fi

    wanted="-p IPv4 -s $mac -o veth+ --ip-src $address -j ACCEPT"$'\n'"-p IPv4 -s $mac -o veth+ --ip-src $subnet -j DROP"
    found=$(timeout 25 ebtables -t filter -L "$CHAIN" --Lmac2 2>/dev/null | grep -e '^-p' | sed 's/ *$//')
    if [ "$found" != "$wanted" ]; then
        fill_chain "$wanted" || return 1
    fi
    if ! timeout 25 ebtables -t filter -L OUTPUT | grep -q -e "-j $CHAIN"; then
        timeout 25 ebtables -t filter -A OUTPUT -j "$CHAIN" || return 1
    fi
}

# (rules, one a line)
fill_chain() {
    local line
    local -a words
    timeout 25 ebtables -t filter -N "$CHAIN" 2>/dev/null || timeout 25 ebtables -t filter -F "$CHAIN" || return 1
    while read -r -a words; do
        line="${words[*]}"
        timeout 25 ebtables -t filter -A "$CHAIN" "${words[@]}" || {
            echo "the rule could not be added: $line" >&2
            return 1
        }
    done <<<"$1"
}

main
