#!/bin/bash
# Provisions the node within a limit in time, and reports how that went: in a file, on standard output,
# and as an event. Ends with the exit code of the provisioning, whatever becomes of the report.
# CSE_TIMEOUT is the limit, as timeout(1) takes it. PRE_PROVISION_ONLY=true says that this is the first of
# two stages, on a machine that becomes an image: where it succeeds, there is no event yet.
# Nothing of cse_helpers.sh is used here: it may come to the node later, or never.

set -uo pipefail

CONTAINERS_DIR=/opt/azure/containers
PROVISION_LOG=/var/log/azure/cluster-provision.log
CSE_OUTPUT_LOG=/var/log/azure/cluster-provision-cse-output.log
REPORT_DIR=/var/log/azure/aks/
EVENTS_LOGGING_DIR=/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events/

# How much of what the provisioning said is reported.
OUTPUT_BYTES=3000
# How long an answer of systemd is waited for, and a collector of logs.
ANSWER_TIMEOUT=10s
COLLECTOR_TIMEOUT=5m

main() {
    local exit_code
    mkdir -p "$EVENTS_LOGGING_DIR" "$REPORT_DIR"
    START=${EPOCHREALTIME//[!0-9]/} # in microseconds
    export CSE_STARTTIME_SECONDS=$((START / 1000000))
    provision
    exit_code=$?
    END=${EPOCHREALTIME//[!0-9]/}

    ask systemctl status kubelet --no-pager -l >>"$CSE_OUTPUT_LOG" 2>&1
    lookUpTimes
    writeReport "$exit_code"
    rm -f "$CONTAINERS_DIR/imds_instance_metadata_cache.json"
    if [ "${PRE_PROVISION_ONLY:-}" != true ]; then
        touch "$CONTAINERS_DIR/provision.complete"
    elif [ "$exit_code" -eq 0 ]; then
        touch "$CONTAINERS_DIR/base_prep.complete"
        printf '%s\n' 'The first of two stages of provisioning is complete.' 'The second will be run by the node that is made of this machine.' >>"$PROVISION_LOG"
        exit 0
    fi
    writeEvent "$exit_code"
    if [ "$exit_code" -eq 0 ]; then
        uploadLogs &
    else
        uploadLogs
    fi
    exit "$exit_code"
}

# Runs the provisioning, without its log too. Returns its status; 124 where its time was over; 137 where it
# then had to be killed, as it did not end when it was asked to. Who asks this script to end asks the
# provisioning, of which is reported then.
provision() {
    local session status
    exec 3>>"$PROVISION_LOG" || exec 3>&2
    setsid -w timeout -k5s "${CSE_TIMEOUT:-15m}" /bin/bash "$CONTAINERS_DIR/provision.sh" >&3 2>&3 3>&- &
    session=$!
    # shellcheck disable=SC2064  # whom it asks is known now
    trap "ASKED_TO_END=yes; kill -TERM $session" TERM
    while :; do
        ASKED_TO_END=''
        wait "$session"
        status=$?
        if [ -z "$ASKED_TO_END" ]; then
            break # else that is what cut the wait short
        fi
    done
    trap : TERM
    case $status in
        124 | 137 | 143) endSession "$session" ;;
    esac
    return "$status"
}

# (session): ends what is left of it. A signal to the provisioning does not reach what it ran by timeout(1)
# in its turn, and nothing of it may change the node after its time.
endSession() {
    local _
    if pkill -TERM -s "$1"; then
        for _ in {1..50}; do
            if [[ $(ps -o stat= -s "$1") != *[DRSTt]* ]]; then # a zombie does nothing any more
                return
            fi
            sleep 0.1
        done
        pkill -KILL -s "$1"
    fi
}

# --- What is reported -------------------------------------------------------------------------

# (program of systemd, argument...): asks it something. It answers at once, or it will not; nothing waits
# longer for that, nor fails without it.
ask() {
    timeout -k1s "$ANSWER_TIMEOUT" "$@" </dev/null
}

# Sets when what a node boots with was started, and when kubelet was ready, if it is yet.
lookUpTimes() {
    local -a times
    KERNEL_START=$(timeOf "$(TZ=UTC ask systemctl show -p KernelTimestamp --value)")
    mapfile -t times < <(startsOf cloud-init-local cloud-init cloud-final systemd-networkd kubelet walinuxagent waagent)
    CLOUD_INIT_LOCAL_START=${times[0]:-}
    CLOUD_INIT_START=${times[1]:-}
    CLOUD_FINAL_START=${times[2]:-}
    NETWORKD_START=${times[3]:-}
    KUBELET_START=${times[4]:-}
    GUEST_AGENT_START=${times[5]:-${times[6]:-}} # its unit's name depends on the system
    # Of this boot, as an image may hold the journal of another machine, and with all of the date.
    KUBELET_READY=$(timeOf "$(ask journalctl -u kubelet -b --no-pager -o short-unix | LC_ALL=C sed -nE '/^([0-9]+\.[0-9]+) .*NodeReady.*/{s//@\1/p;q}')")
}

# (service...): prints a line each: when it was started, or nothing. systemd has one line for each as well,
# for those that there are not too.
startsOf() {
    local line
    TZ=UTC ask systemctl show -p ExecMainStartTimestamp "${@/%/.service}" | while IFS= read -r line; do
        if [[ $line == ExecMainStartTimestamp=* ]]; then
            timeOf "${line#*=}"
        fi
    done
}

# (text): prints a line: the time that date(1) understands, as events tell it, or nothing. date takes
# nothing for the last midnight.
timeOf() {
    if [ -z "$1" ] || ! date -d "$1" '+%F %T.%3N' 2>/dev/null; then
        echo
    fi
}

# (variable, microseconds since the epoch): sets it to that time in the same form.
timeAt() {
    printf -v "$1" '%(%F %T)T.%03d' "$(($2 / 1000000))" "$(($2 / 1000 % 1000))"
}

# Prints how the scripts for provisioning came to be on this node.
scriptlessMode() {
    if [ -e "$CONTAINERS_DIR/aks-node-controller-nbc-cmd.sh" ]; then
        echo nbc_cse_cmd
    elif [ -e "$CONTAINERS_DIR/scriptless-cse-overrides.txt" ]; then
        echo cse_cmd
    else
        echo none
    fi
}

# --- How it is reported -----------------------------------------------------------------------

# (exit code): writes the report and prints it, one line of JSON.
writeReport() {
    local start boot report draft=$REPORT_DIR.draft.$BASHPID
    timeAt start "$START"
    jsonMembers boot KernelStartTime "$KERNEL_START" CSEStartTime "$start" \
        GuestAgentStartTime "$GUEST_AGENT_START" KubeletStartTime "$KUBELET_START"
    jsonMembers report ExitCode "$1" Output "$(tail -c "$OUTPUT_BYTES" "$PROVISION_LOG" | tr -d '\0')" Error '' \
        ExecDuration "$(((END - START) / 1000000))" KernelStartTime "$KERNEL_START" \
        CloudInitLocalStartTime "$CLOUD_INIT_LOCAL_START" CloudInitStartTime "$CLOUD_INIT_START" \
        CloudFinalStartTime "$CLOUD_FINAL_START" NetworkdStartTime "$NETWORKD_START" CSEStartTime "$start" \
        GuestAgentStartTime "$GUEST_AGENT_START" SystemdSummary "$(ask systemd-analyze)"
    report="{$report,\"BootDatapoints\":{$boot}}"
    if ! printf '%s\n' "$report" >"$draft" || ! mv -fT "$draft" "${REPORT_DIR}provision.json"; then
        rm -f "$draft"
    fi
    (printf '%s\n' "$report") # by itself, as a reader that is gone ends who prints
}

# (exit code): writes an event file whose message is JSON too. Its name is the end in milliseconds, so that
# it comes after those of the provisioning; a name that is taken gets three more digits. It appears all
# at once, as others read the directory at any time.
writeEvent() {
    local start end message event name=$EVENTS_LOGGING_DIR$((END / 1000)) draft=$EVENTS_LOGGING_DIR.draft.$BASHPID count=0 suffix=''
    timeAt start "$START"
    timeAt end "$END"
    jsonMembers message ExitCode "$1" E2E "$(((END - START) / 1000000))" KernelStartTime "$KERNEL_START" \
        CloudInitLocalStartTime "$CLOUD_INIT_LOCAL_START" CloudInitStartTime "$CLOUD_INIT_START" \
        CloudFinalStartTime "$CLOUD_FINAL_START" NetworkdStartTime "$NETWORKD_START" \
        GuestAgentStartTime "$GUEST_AGENT_START" KubeletStartTime "$KUBELET_START" \
        KubeletReadyTime "$KUBELET_READY" ScriptlessMode "$(scriptlessMode)"
    jsonMembers event Timestamp "$start" OperationId "$end" Version 1.23 TaskName AKS.CSE.cse_start \
        EventLevel Informational Message "{$message}" EventPid 0 EventTid 0
    if printf '{%s}\n' "$event" >"$draft"; then
        # Some versions of mv call it a success when they leave what is there.
        until mv -nT "$draft" "$name$suffix.json" 2>/dev/null && [ ! -e "$draft" ]; do
            if [ ! -e "$name$suffix.json" ]; then
                rm -f "$draft"
                break
            fi
            count=$((count + 1))
            printf -v suffix '%03d' "$count"
        done
    else
        rm -f "$draft" # a full disk leaves half of it
    fi
}

# (variable, name, text, name, text...): sets it to members of a JSON object, all of them strings. Not by
# a process of its own: where that is killed, half of them would be taken for all.
jsonMembers() {
    local _variable=$1 _members='' _member
    shift
    while [ $# -gt 0 ]; do
        jsonText _member "$2"
        _members+=${_members:+,}\"$1\":\"$_member\"
        shift 2
    done
    printf -v "$_variable" '%s' "$_members"
}

# What UTF-8 is, by its bytes.
UTF8=$'^([\x01-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf][\x80-\xbf]|[\xf1-\xf3][\x80-\xbf][\x80-\xbf][\x80-\xbf]|\xf4[\x80-\x8f][\x80-\xbf][\x80-\xbf])+'

# (variable, text): sets it to the text as it goes between the quotes of a JSON string. For a byte that is
# no UTF-8, as where a character is cut in two, stands the replacement character.
jsonText() {
    local LC_ALL=C _rest=$2 _text='' _code _hex _char
    while [ -n "$_rest" ]; do
        if [[ $_rest =~ $UTF8 ]]; then
            _text+=${BASH_REMATCH[0]}
            _rest=${_rest:${#BASH_REMATCH[0]}}
        else
            _text+=$'\xef\xbf\xbd'
            _rest=${_rest:1}
        fi
    done
    _text=${_text//\\/\\\\}
    _text=${_text//\"/\\\"}
    if [[ $_text == *[[:cntrl:]]* ]]; then
        for _code in {1..31}; do
            printf -v _hex '%02x' "$_code"
            printf -v _char '%b' "\\x$_hex"
            _text=${_text//"$_char"/"\\u00$_hex"}
        done
    fi
    printf -v "$1" '%s' "$_text"
}

# --- Logs -------------------------------------------------------------------------------------

# Sends the logs to where they are looked at, by the means that the node has.
uploadLogs() {
    local collector=$CONTAINERS_DIR/aks-log-collector.sh
    if [ -x "$collector" ]; then
        timeout -k5s "$COLLECTOR_TIMEOUT" "$collector"
    elif command -v waagent >/dev/null; then
        timeout -k5s "$COLLECTOR_TIMEOUT" waagent -collect-logs -full
    fi
} </dev/null >>"$CSE_OUTPUT_LOG" 2>&1

main
