#!/bin/bash
# Keeps containers from the machine's metadata where ENABLE_IMDS_RESTRICTION=true, and lets them have it
# again where it is not. Their packets are forwarded, the node's own are not. Fails where containers could
# not be kept from it, so that none is started.
# INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE says in which table the rule goes: before all others, or in
# the usual one. PRIMARY_NIC_IP is the node's address, whose packets are not to be dropped.

set -uo pipefail

TABLES=(filter mangle)

# (table, command of iptables, place in the chain = none)
rule() {
    local -a of_others=()
    if [ -n "${PRIMARY_NIC_IP:-}" ]; then
        of_others=('!' -s "$PRIMARY_NIC_IP")
    fi
    iptables -w 10 -t "$1" "$2" FORWARD ${3:+"$3"} "${of_others[@]}" -d 169.254.169.254/32 -p tcp --dport 80 \
        -m comment --comment 'the metadata of the machine is not for containers' -j DROP
}

# (table): as long as it is there, however often it was put there.
remove_rule() {
    local count
    for ((count = 0; count < 16; count++)); do
        if ! rule "$1" -C 2>/dev/null; then
            return 0
        fi
        rule "$1" -D || return 1
    done
}

wanted=filter
if [ "${INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE:-}" = true ]; then
    wanted=mangle
fi
for table in "${TABLES[@]}"; do
    if [ "${ENABLE_IMDS_RESTRICTION:-}" != true ] || [ "$table" != "$wanted" ]; then
        remove_rule "$table" || echo "the rule against containers stays in the table $table"
    elif ! rule "$table" -C 2>/dev/null && ! rule "$table" -I 1; then
        echo "containers could not be kept from the machine's metadata" >&2
        exit 1
    fi
done
