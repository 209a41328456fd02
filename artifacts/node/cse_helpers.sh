#!/bin/bash
# What every provisioning script builds on: error codes, facts about the operating system, events,
# retries, systemd services, tags of the machine, versions, and putting a program in its place.
# Sourced first, by scripts and by people; sourcing it runs no program.
# shellcheck disable=SC2034  # constants are read by the scripts that source this file

# Exit codes. 124 is left to timeout(1).
ERR_SYSTEMCTL_MASK_FAIL=2
ERR_SYSTEMCTL_START_FAIL=4
ERR_FILE_WATCH_TIMEOUT=6
ERR_HOLD_WALINUXAGENT=7
ERR_RELEASE_HOLD_WALINUXAGENT=8
ERR_APT_INSTALL_TIMEOUT=9
ERR_CONTAINERD_INSTALL_TIMEOUT=28
ERR_K8S_DOWNLOAD_TIMEOUT=31
ERR_KUBELET_START_FAIL=34
ERR_CNI_DOWNLOAD_TIMEOUT=41
ERR_MODPROBE_FAIL=49
ERR_OUTBOUND_CONN_FAIL=50
ERR_K8S_API_SERVER_CONN_FAIL=51
ERR_K8S_API_SERVER_DNS_LOOKUP_FAIL=52
ERR_K8S_API_SERVER_AZURE_DNS_LOOKUP_FAIL=53
ERR_VHD_FILE_NOT_FOUND=65
ERR_CUSTOM_SEARCH_DOMAINS_FAIL=80
ERR_GPU_DRIVERS_START_FAIL=84
ERR_GPU_DRIVERS_INSTALL_TIMEOUT=85
ERR_APT_UPDATE_TIMEOUT=99
ERR_SYSCTL_RELOAD=103
ERR_CTR_OPERATION_ERROR=119
ERR_KUBELET_INSTALL_FAIL=121
ERR_KUBECTL_INSTALL_FAIL=122
ERR_ENABLE_MANAGED_GPU_EXPERIENCE=123
ERR_VHD_BUILD_ERROR=125
ERR_NODE_EXPORTER_START_FAIL=128
ERR_SWAP_CREATE_FAIL=130
ERR_SWAP_CREATE_INSUFFICIENT_DISK_SPACE=131
ERR_ARTIFACT_STREAMING_DOWNLOAD=152
ERR_ARTIFACT_STREAMING_INSTALL=153
ERR_HTTP_PROXY_CA_CONVERT=160
ERR_UPDATE_CA_CERTS=161
ERR_SECURE_TLS_BOOTSTRAP_CLIENT_DOWNLOAD_ERROR=169
ERR_DISABLE_SSH=172
ERR_SNAPSHOT_UPDATE_START_FAIL=202
ERR_PRIVATE_K8S_PKG_ERR=203
ERR_K8S_INSTALL_ERR=204
ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT=205
ERR_ORAS_PULL_K8S_FAIL=207
ERR_ORAS_PULL_CREDENTIAL_PROVIDER=208
ERR_ORAS_IMDS_TIMEOUT=210
ERR_ORAS_PULL_UNAUTHORIZED=212
ERR_LOOKUP_DISABLE_KUBELET_SERVING_CERTIFICATE_ROTATION_TAG=213
ERR_CLEANUP_CONTAINER_IMAGES=214
ERR_LOCALDNS_FAIL=216
ERR_SECURE_TLS_BOOTSTRAP_START_FAILURE=220
ERR_NVIDIA_DRIVER_INSTALL=224
ERR_LOOKUP_ENABLE_MANAGED_GPU_EXPERIENCE_TAG=230
ERR_ORAS_PULL_SYSEXT_FAIL=231
ERR_PULL_POD_INFRA_CONTAINER_IMAGE=233
ERR_IMDS_FETCH_FAILED=234
# kubelet was started and then failed; a number that no other failure uses.
ERR_KUBELET_FAIL=245

EVENTS_LOGGING_DIR=/var/log/azure/Microsoft.Azure.Extensions.CustomScript/events/
IMDS_INSTANCE_METADATA_CACHE_FILE=/opt/azure/containers/imds_instance_metadata_cache.json
IMDS_URL=http://169.254.169.254/metadata
COMPONENTS_FILEPATH=/opt/azure/components.json
ORAS_REGISTRY_CONFIG_FILE=/etc/oras/config.yaml
GPU_DEST=/usr/local/nvidia
GPU_DRIVER_TYPE=${GPU_DRIVER_TYPE:-cuda}
GPU_DRIVER_VERSION=${GPU_DRIVER_VERSION:-}
GPU_IMAGE_SHA=${GPU_IMAGE_SHA:-}
KUBERNETES_TOOLS=(kubelet kubectl)

UBUNTU_OS_NAME=UBUNTU
MARINER_OS_NAME=MARINER
MARINER_KATA_OS_NAME=MARINERKATA
AZURELINUX_OS_NAME=AZURELINUX
AZURELINUX_KATA_OS_NAME=AZURELINUXKATA
AZURELINUX_OSGUARD_OS_VARIANT=OSGUARD
FLATCAR_OS_NAME=FLATCAR
ACL_OS_NAME=AZURECONTAINERLINUX

if [ -r /etc/profile.d/path.sh ]; then
    # shellcheck source=/dev/null
    . /etc/profile.d/path.sh
fi

# A function whose first argument is (variable) sets the caller's variable of that name instead of
# printing: what runs many times at a boot does without a process of its own.

# --- Operating system -------------------------------------------------------------------------

# (variable, field): sets it to the field's value in /etc/*-release in upper case and without quotes, or
# to nothing.
_release_field() {
    local file line value=''
    local -a lines
    for file in /etc/*-release; do
        if [ -r "$file" ]; then
            mapfile -t lines <"$file"
            for line in "${lines[@]}"; do
                if [[ $line == "$2="* ]]; then
                    value=${line#*=}
                    value=${value//[\"\']/}
                    break 2
                fi
            done
        fi
    done
    printf -v "$1" '%s' "${value^^}"
}

_release_field OS ID
_release_field OS_VERSION VERSION_ID
_release_field OS_VARIANT VARIANT_ID

isUbuntu() {
    [ "${1-$OS}" = "$UBUNTU_OS_NAME" ]
}

isFlatcar() {
    [ "${1-$OS}" = "$FLATCAR_OS_NAME" ]
}

isMariner() {
    local os=${1-$OS}
    [ "$os" = "$MARINER_OS_NAME" ] || [ "$os" = "$MARINER_KATA_OS_NAME" ]
}

# Azure Container Linux: an operating system of its own, or a variant of Azure Linux.
isACL() {
    local os=${1-$OS} variant=${2-$OS_VARIANT}
    [ "$os" = "$ACL_OS_NAME" ] || { [ "$os" = "$AZURELINUX_OS_NAME" ] && [ "$variant" = "$ACL_OS_NAME" ]; }
}

isAzureLinux() {
    local os=${1-$OS} variant=${2-$OS_VARIANT}
    ! isACL "$os" "$variant" && { [ "$os" = "$AZURELINUX_OS_NAME" ] || [ "$os" = "$AZURELINUX_KATA_OS_NAME" ]; }
}

isMarinerOrAzureLinux() {
    local os=${1-$OS} variant=${2-$OS_VARIANT}
    isMariner "$os" || isAzureLinux "$os" "$variant"
}

isAzureLinuxOSGuard() {
    [ "${1-$OS}" = "$AZURELINUX_OS_NAME" ] && [ "${2-$OS_VARIANT}" = "$AZURELINUX_OSGUARD_OS_VARIANT" ]
}

# --- Events -----------------------------------------------------------------------------------

# (task, command words...): runs the command in this shell and records it as an event file, whatever
# comes of it; returns the command's status. A single word that holds blanks is split at them,
# several words run as they are; neither is globbed.
# A command that fails under `set -e`, or exits, ends the shell: then an EXIT trap writes the event
# and runs the EXIT trap that was there before. A command that sets an EXIT trap of its own keeps it.
# Every local name is prefixed, as the command sees them all.
logs_to_events() {
    local __event_task=$1 __event_start __event_message __event_trap_before __event_trap __event_status
    local -a __event_words
    shift
    if [ $# -eq 1 ]; then
        IFS=$' \t\n' read -r -d '' -a __event_words <<<"$1" || :
        set -- "${__event_words[@]}"
    fi
    printf -v __event_message ' %s' "$@"
    __event_start=${EPOCHREALTIME//[!0-9]/} # in microseconds

    # A subshell lists its parent's traps until it changes one: this makes it forget them.
    trap - NOT_A_SIGNAL 2>/dev/null || :
    __event_trap_before=$(trap -p EXIT)
    printf -v __event_trap '_event_at_exit %q %q %q %q' \
        "$__event_start" "$__event_trap_before" "$__event_task" "Completed:$__event_message"
    # shellcheck disable=SC2064  # what it records is known now
    trap "$__event_trap" EXIT

    "$@"
    __event_status=$?

    if [[ $(trap -p EXIT) == "trap -- '_event_at_exit $__event_start "* ]]; then
        trap - EXIT
        eval "$__event_trap_before"
    fi
    _write_event "$__event_start" "$__event_task" "Completed:$__event_message"
    return "$__event_status"
}

# (start in microseconds, trap as `trap -p` prints it, task, message): writes the event of a command that
# ended the shell, then runs that trap with the shell's exit code in $?, as if it had run by itself.
_event_at_exit() {
    local __event_status=$? __event_trap_before=$2 __event_term
    # timeout(1) asks twice to end: the shell, and then its group, to which belongs what puts the event in its place.
    __event_term=$(trap -p TERM)
    trap '' TERM
    _write_event "$1" "$3" "$4"
    eval "${__event_term:-trap - TERM}"
    eval "set -- $__event_trap_before"
    if (exit "$__event_status"); then eval "${3-}"; else eval "${3-}"; fi
}

# (start in microseconds, task, message): writes an event file that ends now. Its name is the start in
# milliseconds; a name that is taken gets three more digits, so that names sort by time. It appears all
# at once, as others read the directory at any time.
_write_event() {
    local name=$(($1 / 1000)) start end task message draft=${EVENTS_LOGGING_DIR}.draft.$BASHPID count=0 suffix=''
    _time_of_event start "$1"
    _time_of_event end "${EPOCHREALTIME//[!0-9]/}"
    _json_escape task "$2"
    _json_escape message "$3"
    if { [ -d "$EVENTS_LOGGING_DIR" ] || mkdir -p "$EVENTS_LOGGING_DIR"; } && printf '{"Timestamp":"%s","OperationId":"%s","Version":"1.23","TaskName":"%s","EventLevel":"Informational","Message":"%s","EventPid":"0","EventTid":"0"}\n' \
        "$start" "$end" "$task" "$message" >"$draft"; then
        # Some versions of mv call it a success when they leave what is there.
        until mv -nT "$draft" "$EVENTS_LOGGING_DIR$name$suffix.json" 2>/dev/null && [ ! -e "$draft" ]; do
            if [ ! -e "$EVENTS_LOGGING_DIR$name$suffix.json" ]; then
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

# (variable, microseconds since the epoch): sets it to that time as events tell it.
_time_of_event() {
    printf -v "$1" '%(%F %T)T.%03d' "$(($2 / 1000000))" "$(($2 / 1000 % 1000))"
}

# (variable, text): sets it to the text as it goes between the quotes of a JSON string.
_json_escape() {
    local text=$2 code hex char
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    if [[ $text == *[[:cntrl:]]* ]]; then
        for code in {1..31}; do
            printf -v hex '%02x' "$code"
            printf -v char '%b' "\\x$hex"
            text=${text//"$char"/"\\u00$hex"}
        done
    fi
    printf -v "$1" '%s' "$text"
}

# --- Time budget and retries ------------------------------------------------------------------

# (should log = true): fails when provisioning has used up its time: CSE_MAX_DURATION_SECONDS (780)
# from CSE_STARTTIME_SECONDS on.
check_cse_timeout() {
    local should_log=${1:-true} max=${CSE_MAX_DURATION_SECONDS:-780} elapsed
    if [ -z "${CSE_STARTTIME_SECONDS:-}" ]; then
        if [ "$should_log" = true ]; then
            echo "Warning: CSE_STARTTIME_SECONDS is not set, the time that CSE takes is not limited." >&2
        fi
        return 0
    fi
    elapsed=$((EPOCHSECONDS - CSE_STARTTIME_SECONDS))
    if [ "$elapsed" -gt "$max" ]; then
        if [ "$should_log" = true ]; then
            echo "Error: CSE has been running for $elapsed seconds, exceeding the limit of $max seconds." >&2
        fi
        return 1
    fi
}

# (variable): sets it to the seconds that provisioning has left, or to nothing where they are not limited.
_seconds_left() {
    local _left=''
    if [ -n "${CSE_STARTTIME_SECONDS:-}" ]; then
        _left=$((CSE_STARTTIME_SECONDS + ${CSE_MAX_DURATION_SECONDS:-780} - EPOCHSECONDS))
    fi
    printf -v "$1" '%s' "$_left"
}

# (seconds): pauses between two tries, but not beyond the time that provisioning has.
_pause() {
    local seconds=$1 left
    _seconds_left left
    if [ -n "$left" ] && [ "0${seconds%%.*}" -ge "$left" ]; then
        seconds=$((left > 0 ? left : 0))
    fi
    sleep "$seconds"
}

# (variable, should log): lowers the seconds in the variable to those that provisioning has left. Fails,
# and says so, when there are none.
_limit_to_time_left() {
    local left
    _seconds_left left
    if [ -z "$left" ]; then
        return 0
    fi
    if ! check_cse_timeout "$2"; then
        echo "CSE timeout approaching, exiting early." >&2
        return 1
    fi
    if [ "$left" -le 0 ]; then
        echo "No CSE time remaining, exiting early." >&2
        return 1
    fi
    if [ "0${!1%%.*}" -ge "$left" ]; then
        printf -v "$1" '%s' "$left"
    fi
}

# (retries, sleep, timeout, should log, command...): runs a program until it succeeds. Fails with 1
# after the last try, with 2 when provisioning has no time left; no try or pause may outlast that time.
_retrycmd_internal() {
    _retrycmd_with_remedy '' "$@"
}

# (remedy, ...): the same, and the words of the remedy, if there are any, are run as a command between
# tries; nothing depends on whether that succeeds.
_retrycmd_with_remedy() {
    local retries=$2 wait_sleep=$3 limit=$4 should_log=$5 attempt=0 status ending=''
    local -a remedy
    read -r -a remedy <<<"$1"
    shift 5
    while :; do
        if ! _limit_to_time_left limit "$should_log"; then
            status=2
            ending='no time is left'
            break
        fi
        attempt=$((attempt + 1))
        status=0
        timeout "$limit" "$@" || status=$?
        if [ "$status" -eq 0 ]; then
            break
        fi
        if [ "$attempt" -ge "$retries" ]; then
            ending="last exit status: $status"
            status=1
            break
        fi
        if [ "${#remedy[@]}" -gt 0 ]; then
            timeout "$limit" "${remedy[@]}" || :
        fi
        _pause "$wait_sleep"
    done
    if [ "$should_log" = true ] && [ "$status" -eq 0 ]; then
        echo "Executed \"$*\" $attempt times."
    elif [ "$should_log" = true ]; then
        echo "Executed \"$*\" $attempt times; giving up ($ending)." >&2
    fi
    return "$status"
}

# (retries, sleep, timeout, command...)
retrycmd_if_failure() {
    _retrycmd_internal "$1" "$2" "$3" true "${@:4}"
}

# (retries, sleep, timeout, command...): says nothing of its tries.
retrycmd_silent() {
    _retrycmd_internal "$1" "$2" "$3" false "${@:4}"
}

# (retries, sleep, directory, reference, more arguments...): pulls an artifact from a registry.
retrycmd_pull_from_registry_with_oras() {
    local retries=$1 wait_sleep=$2 directory=$3 reference=$4
    shift 4
    retrycmd_if_failure "$retries" "$wait_sleep" 60 \
        oras pull "$reference" -o "$directory" --registry-config "$ORAS_REGISTRY_CONFIG_FILE" "$@"
}

# (registry, client id, tenant id): lets oras into the registry as the identity that kubelet has. Without an
# identity, or where the registry asks for none, oras goes in as nobody. Fails with the code to end with.
oras_login_with_kubelet_identity() {
    local - registry=$1 client_id=$2 tenant_id=$3 access refresh form status=0
    set +x # tokens
    if [ -z "$client_id" ] || [ -z "$tenant_id" ]; then
        echo "no identity is given for $registry, it is asked as nobody"
        return 0
    fi
    access=$(retrycmd_silent 10 5 30 curl -fsS --noproxy '*' -H Metadata:true \
        "$IMDS_URL/identity/oauth2/token?api-version=2018-02-01&resource=https://management.azure.com/&client_id=$client_id" | jq -r '.access_token // empty')
    if [ -z "$access" ]; then
        echo "Failed to get a token of the identity $client_id" >&2
        return "$ERR_ORAS_IMDS_TIMEOUT"
    fi
    # By a file, as everybody may read a program's arguments, and a try that fails has read standard input.
    form=$(mktemp) || return "$ERR_ORAS_PULL_UNAUTHORIZED"
    printf 'grant_type=access_token&service=%s&tenant=%s&access_token=%s' "$registry" "$tenant_id" "$access" >"$form"
    refresh=$(retrycmd_silent 10 5 30 curl -fsS --data "@$form" "https://$registry/oauth2/exchange" | jq -r '.refresh_token // empty')
    [ -n "$refresh" ] &&
        timeout 30 oras login "$registry" --identity-token-stdin --registry-config "$ORAS_REGISTRY_CONFIG_FILE" <<<"$refresh" || status=1
    rm -f "$form"
    if [ "$status" -ne 0 ]; then
        echo "Failed to log in to $registry as the identity $client_id" >&2
        return "$ERR_ORAS_PULL_UNAUTHORIZED"
    fi
}

# (retries, sleep, timeout, file, URL, seconds for all tries): downloads a tarball that is whole. Says
# nothing of the URL's query, which may hold a key.
retrycmd_get_tarball() {
    local retries=$1 wait_sleep=$2 limit=$3 file=$4 url=$5 budget=$6 attempt started=$EPOCHSECONDS status
    for ((attempt = 1; ; attempt++)); do
        status=0
        retrycmd_silent 1 0 "$limit" curl -fsSL "$url" -o "$file" || status=$?
        if [ "$status" -eq 0 ] && tar -tzf "$file" >/dev/null; then
            return 0
        fi
        rm -f "$file"
        if [ "$status" -eq 2 ] || [ "$attempt" -ge "$retries" ] || [ $((EPOCHSECONDS - started)) -ge "$budget" ]; then
            # With 2 there was no time for this try.
            echo "Failed to download a whole tarball from ${url%%\?*}, tried $((attempt - (status == 2))) times" >&2
            return 1
        fi
        sleep "$wait_sleep"
    done
}

# (sleep, timeout, seconds for all tries, name): asks for the address of a name until there is one, and
# prints what the name server says. Fails with 1 when those seconds are over, with 2 when
# provisioning has no time left. All are whole seconds.
retrycmd_nslookup() {
    local wait_sleep=$1 limit=$2 budget=$3 name=$4 attempt=0 began waited=0 status
    began=$EPOCHSECONDS
    while :; do
        attempt=$((attempt + 1))
        if [ $((waited + limit)) -gt "$budget" ]; then
            limit=$((budget - waited))
        fi
        status=0
        retrycmd_silent 1 0 "$limit" nslookup "-timeout=$limit" -retry=0 "$name" || status=$?
        waited=$((EPOCHSECONDS - began))
        if [ "$status" -eq 0 ]; then
            echo "Found $name after ${waited}s."
            return 0
        fi
        if [ "$status" -eq 2 ] || [ $((waited + wait_sleep)) -ge "$budget" ]; then
            # With 2 there was no time for this try.
            echo "Found no address of $name in $((attempt - (status == 2))) tries and ${waited}s." >&2
            return "$status"
        fi
        _pause "$wait_sleep"
        waited=$((waited + wait_sleep))
    done
}

# (retries, sleep, timeout, file): applies the settings of this file and of no other.
sysctl_reload() {
    if [ -z "${4:-}" ]; then
        echo "sysctl_reload: name the file to load" >&2
        return 1
    fi
    retrycmd_if_failure "$1" "$2" "$3" sysctl -p "$4"
}

# --- Services ---------------------------------------------------------------------------------

# (argument...): asks systemd something. It answers at once, or it will not; nothing waits longer for that.
_ask_systemctl() {
    timeout 25 systemctl "$@"
}

# (retries, sleep, timeout, operation, service, log between tries = false): does not try again when
# provisioning has no time left.
_systemctl_retry_svc_operation() {
    local retries=$1 wait_sleep=$2 limit=$3 service=$5 should_log=${6:-false} attempt left
    local -a operation
    read -r -a operation <<<"$4"
    for ((attempt = 1; ; attempt++)); do
        timeout "$limit" systemctl daemon-reload || :
        if timeout "$limit" systemctl "${operation[@]}" "$service"; then
            return 0
        fi
        if [ "$attempt" -ge "$retries" ]; then
            return 1
        fi
        _seconds_left left
        if [ -n "$left" ] && [ "$left" -le 0 ]; then
            echo "No CSE time remaining, not trying again to ${operation[*]} $service." >&2
            return 1
        fi
        if [ "$should_log" = true ]; then
            _ask_systemctl status "$service" --no-pager -l || :
            timeout 25 journalctl -u "$service" || :
        fi
        _pause "$wait_sleep"
    done
}

# Each: (retries, sleep, timeout, service)
systemctl_restart() {
    _systemctl_retry_svc_operation "$1" "$2" "$3" restart "$4" true
}

systemctl_restart_no_block() {
    _systemctl_retry_svc_operation "$1" "$2" "$3" 'restart --no-block' "$4" true
}

systemctl_stop() {
    _systemctl_retry_svc_operation "$1" "$2" "$3" stop "$4"
}

systemctl_disable() {
    _systemctl_retry_svc_operation "$1" "$2" "$3" disable "$4"
}

# (service): leaves its status where the log collector looks.
_log_service_status() {
    mkdir -p /var/log/azure
    _ask_systemctl status "$1" --no-pager -l >"/var/log/azure/$1-status.log" 2>&1 || :
}

# (service, timeout)
systemctlEnableAndStart() {
    if ! systemctl_restart 100 5 "$2" "$1"; then
        echo "$1 could not be started"
        _log_service_status "$1"
        return 1
    fi
    _enable_service "$1"
}

# (service, timeout): does not wait until the service has started; checkServiceHealth tells later.
systemctlEnableAndStartNoBlock() {
    if ! systemctl_restart_no_block 100 5 "$2" "$1"; then
        echo "$1 could not be enqueued for startup"
        _log_service_status "$1"
        return 1
    fi
    _enable_service "$1"
}

# (service)
_enable_service() {
    if ! retrycmd_if_failure 120 5 25 systemctl enable "$1"; then
        echo "$1 could not be enabled by systemctl"
        _log_service_status "$1"
        return 1
    fi
}

# (service): succeeds when systemd has yet to start it, or has done so by now. It is inactive as long as
# something that goes before it is on its way. By one answer: between two the start may have come to its end.
_is_to_be_started() {
    local told
    told=$'\n'$(_ask_systemctl show -p ActiveState -p Job "$1" || :)$'\n'
    [[ $told == *$'\nJob='[1-9]* || $told == *$'\nActiveState=active\n'* ]]
}

# (service): succeeds when the service is active or on its way there.
checkServiceHealth() {
    local state
    state=$(_ask_systemctl show -p ActiveState --value "$1" || :)
    if [ "$state" = active ]; then
        return 0
    fi
    if [ "$state" = inactive ] && _is_to_be_started "$1"; then
        state=waiting
    fi
    _log_service_status "$1"
    case $state in
        activating | waiting)
            echo "$1 is still $state, continuing anyway..."
            return 0
            ;;
        failed) echo "$1 is in a failed state" ;;
        '') echo "$1 has no state that systemctl could tell" ;;
        *) echo "$1 is $state, neither active nor activating" ;;
    esac
    return 1
}

# Waits until containerd answers: 24 seconds when it refuses at once, 4 minutes when it hangs.
waitForContainerdReady() {
    local began
    began=$EPOCHSECONDS
    echo "Waiting for containerd to become ready..."
    if ! retrycmd_if_failure 240 0.1 1 bash -c 'ctr version >/dev/null 2>&1'; then
        echo "containerd did not become ready"
        echo "It did not answer ctr version for $((EPOCHSECONDS - began)) seconds."
        _log_service_status containerd
        return 1
    fi
}

# (service): does nothing for a service that the machine does not have.
systemctlDisableAndStop() {
    local units
    units=$(_ask_systemctl list-units --full --all || :)
    if [[ $'\n'$units$'\n' == *[[:space:]]"$1.service"[[:space:]]* ]]; then
        systemctl_stop 20 5 25 "$1" || echo "$1 could not be stopped"
        systemctl_disable 20 5 25 "$1" || echo "$1 could not be disabled"
    fi
}

# --- What the cloud says of the machine -------------------------------------------------------

# Asks for the machine's metadata, unless that is cached, and caches it. The whole of it, or nothing.
fetch_and_cache_imds_instance_metadata() {
    local cache=$IMDS_INSTANCE_METADATA_CACHE_FILE draft=$IMDS_INSTANCE_METADATA_CACHE_FILE.draft
    if [ -s "$cache" ]; then
        echo "the machine's metadata is cached in $cache"
        return 0
    fi
    mkdir -p "${cache%/*}"
    if ! retrycmd_if_failure 20 1 5 curl -fsS --noproxy '*' -H Metadata:true -o "$draft" "$IMDS_URL/instance?api-version=2021-02-01" ||
        ! grep -q '"compute"' "$draft" || ! mv -fT "$draft" "$cache"; then
        rm -f "$draft"
        echo "Failed to get the machine's metadata from $IMDS_URL" >&2
        exit "$ERR_IMDS_FETCH_FAILED"
    fi
}

# Prints the first IPv4 address of the machine's first interface, or nothing.
getPrimaryNicIP() {
    jq -r '.network.interface[0].ipv4.ipAddress[0].privateIpAddress // empty' "$IMDS_INSTANCE_METADATA_CACHE_FILE"
}

# Sets PACKAGE_DOWNLOAD_BASE_URL, unless it is set, to the host of packages that can be reached from here.
resolve_packages_source_url() {
    local host=packages.aks.azure.com
    if [ -z "${PACKAGE_DOWNLOAD_BASE_URL:-}" ]; then
        PACKAGE_DOWNLOAD_BASE_URL=$host
        if ! retrycmd_silent 5 1 3 curl -fsSI -o /dev/null "https://$host/acs-mirror/healthz"; then
            PACKAGE_DOWNLOAD_BASE_URL=acs-mirror.azureedge.net
            echo "$host cannot be reached, packages come from $PACKAGE_DOWNLOAD_BASE_URL"
        fi
    fi
}

# --- Tags of the virtual machine --------------------------------------------------------------

# (name): prints true when the value of the first tag that matches says so, else false. The name is
# a regular expression, of any case. Fails when the cached metadata cannot be read.
get_imds_vm_tag_value() {
    jq -r --arg name "$1" \
        '[.compute.tagsList[]? | select(.name | test($name; "i"))][0].value // "false" | tostring | test("true"; "i")' \
        "$IMDS_INSTANCE_METADATA_CACHE_FILE"
}

should_enforce_kube_pmc_install() {
    get_imds_vm_tag_value ShouldEnforceKubePMCInstall
}

should_skip_nvidia_drivers() {
    get_imds_vm_tag_value SkipGpuDriverInstall
}

should_skip_binary_cleanup() {
    get_imds_vm_tag_value SkipBinaryCleanup
}

should_e2e_mock_azure_china_cloud() {
    get_imds_vm_tag_value E2EMockAzureChinaCloud
}

should_enable_managed_gpu_experience() {
    get_imds_vm_tag_value EnableManagedGPUExperience
}

should_disable_kubelet_serving_certificate_rotation() {
    get_imds_vm_tag_value aks-disable-kubelet-serving-certificate-rotation
}

# --- Versions ---------------------------------------------------------------------------------

# (a, b): succeeds when a is b or newer. What follows a + or ~ does not count.
semverCompare() {
    local a=${1%%[+~]*} b=${2%%[+~]*}
    printf '%s\n' "$b" "$a" | sort -V -C
}

# (variable, version): sets it to the version without a leading v and without the epoch of a package (1:
# or 1%3a).
_plain_version() {
    local _without_epoch=${2//%3[aA]/:}
    _without_epoch=${_without_epoch##*:}
    printf -v "$1" '%s' "${_without_epoch#v}"
}

# (version of a package, wanted): succeeds when it is that version: the same, or the same with a
# package release behind it (1.34.1-ubuntu22.04u1 is 1.34.1; 1.34.10 and 1.34.1~rc.1-1 are not).
_version_matches() {
    local version wanted
    _package_version version "$1"
    _package_version wanted "$2"
    [ "$version" = "$wanted" ] || [[ $version == "$wanted"-* ]]
}

# (variable, version): sets it to the plain version as packages spell it: what Kubernetes itself and its
# programs call 1.35.0-rc.1 is 1.35.0~rc.1 there, since what is behind a - is a package's release.
_package_version() {
    _plain_version "$1" "$2"
    if _is_prerelease "${!1}"; then
        printf -v "$1" '%s' "${!1/-/\~}"
    fi
}

# (version): succeeds when it is a pre-release as Kubernetes spells it.
_is_prerelease() {
    [[ $1 =~ ^v?[0-9.]+-(alpha|beta|rc)\. ]]
}

# (Kubernetes version, component, os, os version, os variant): finds the version of a component
# that fits: the highest with the same major and minor, else the highest of all. Sets and prints
# PACKAGE_VERSION; leaves it alone when the component has none for this system.
getLatestPkgVersionFromK8sVersion() {
    local component=$2 os=${3,,} os_version=$4 os_variant=${5:-} major minor versions version latest='' fits=''
    IFS=. read -r major minor _ <<<"${1#v}"
    versions=$(_component_versions "$component" "$os" "$os_version" "$os_variant")
    while read -r version; do
        latest=$version
        if [[ $version == "$major.$minor".* ]]; then
            fits=$version
        fi
    done <<<"$versions"
    latest=${fits:-$latest}
    if [ -z "$latest" ] || [ "$latest" = '<SKIP>' ]; then
        echo "INFO: no version of $component for $3 $os_version ${os_variant:+$os_variant }in $COMPONENTS_FILEPATH"
        return 0
    fi
    PACKAGE_VERSION=$latest
    echo "$PACKAGE_VERSION"
}

# (component, os, os version, os variant): prints the versions of a component that there are for a system, the highest last.
# The file's form: .Packages[] | {name, downloadURIs: {<os>: {<r2204|v3.0|variant/v3.0|current>:
# {versionsV2: [{latestVersion, previousLatestVersion}]}}, default: {current: ...}}}.
_component_versions() {
    jq -r --arg name "$1" --arg os "${2,,}" --arg version "$3" --arg variant "${4:-}" '
        .Packages[]? | select(.name == $name) | .downloadURIs
        | .[$os] as $of
        | $of[$variant + "/v" + $version] // $of["v" + $version] // $of["r" + ($version | gsub("[.]"; ""))]
            // $of.current // .default.current // empty
        | .versionsV2[]? | .latestVersion, .previousLatestVersion // empty' "$COMPONENTS_FILEPATH" | sort -V || :
}

get_kubernetes_tools() {
    echo "${KUBERNETES_TOOLS[*]}"
}

# --- Programs and their places ----------------------------------------------------------------

# (variable, file): sets it to elf or script, or to what keeps the file from being a program that this
# machine can run: an ELF file (64 bit, little endian, as all nodes are) is cut short when it ends before
# its headers say.
_program_format() {
    local file=$2 start=''
    { read -r -N 4 start <"$file"; } 2>/dev/null || : # another install may have taken it meanwhile
    if [ ! -s "$file" ]; then
        printf -v "$1" empty
    elif [[ $start == '#!'* ]]; then
        printf -v "$1" script
    elif [ "$start" != $'\x7fELF' ]; then
        printf -v "$1" 'neither ELF nor script'
    elif ! _is_whole_elf "$file"; then
        printf -v "$1" 'cut short'
    elif ! _is_for_this_machine "$file"; then
        printf -v "$1" 'for another architecture'
    else
        printf -v "$1" elf
    fi
}

# (ELF file): succeeds when it holds all that its headers speak of: words 4 and 5 tell where the tables of
# segments and of sections lie, word 7 how many entries they have.
_is_whole_elf() {
    local file=$1 size
    local -a word
    size=$(stat -L -c %s "$file")
    read -r -a word <<<"$(od -A n -v -t u8 -w64 -N 64 "$file")"
    [ "${#word[@]}" -eq 8 ] &&
        _elf_table_fits "$file" "$size" "${word[4]}" $((word[7] & 0xffff)) 56 1 4 &&
        _elf_table_fits "$file" "$size" "${word[5]}" $((word[7] >> 32 & 0xffff)) 64 3 4
}

# (ELF file): succeeds when it names the machine that od's own file names.
_is_for_this_machine() {
    [ "$(od -A n -t u2 -j 18 -N 2 "$1")" = "$(od -A n -t u2 -j 18 -N 2 /proc/self/exe)" ]
}

# (file, its size, table's offset, entries, bytes of an entry, word of an entry that holds the
# offset of its data, word that holds their length): succeeds when the table and all that it
# points to lie within the file.
_elf_table_fits() {
    local file=$1 size=$2 offset=$3 entries=$4 entry_size=$5 at=$6 length=$7
    local -a word
    # Beyond 63 bits bash counts on below zero.
    if ((offset < 0 || offset > size - entries * entry_size)); then
        return 1
    fi
    while read -r -a word; do
        # A section of type 8 (NOBITS) has a length but no bytes in the file.
        if ((entry_size == 64 && word[0] >> 32 == 8)); then
            continue
        fi
        if ((word[at] < 0 || word[length] < 0 || word[at] > size - word[length])); then
            return 1
        fi
    done < <(od -A n -v -t u8 "-w$entry_size" -j "$offset" -N $((entries * entry_size)) "$file")
}

# (variable, program, package): sets it to the versions that the program says it has, each followed by a
# blank. It may be any program: it gets no input, five seconds and a page for its answer. What it leaves
# running may hold its output for longer, so that read has a limit too.
_reported_versions() {
    local program=$2 said='' word found=''
    local -a arguments=(--version)
    if [ "$3" = kubectl ]; then
        arguments=(version --client) # without --client it asks a server
    fi
    LC_ALL=C read -r -t 5 -N 4096 said < <(timeout -s KILL 5 "$program" "${arguments[@]}" </dev/null 2>/dev/null) || :
    for word in ${said//[!A-Za-z0-9.~+-]/ }; do
        if [[ $word =~ ^v?[0-9]+\.[0-9]+\.[0-9] ]]; then
            found+="$word "
        fi
    done
    printf -v "$1" '%s' "$found"
}

# (versions that a program reports, wanted): succeeds when the wanted one is among them.
_names_version() {
    local reported
    for reported in $1; do
        if _version_matches "$2" "$reported"; then
            return 0
        fi
    done
    return 1
}

# (package, version, target): succeeds when a whole program of this version is in place.
_is_installed() {
    local format reported
    if [ ! -f "$3" ] || [ -L "$3" ]; then
        return 1
    fi
    _program_format format "$3"
    if [[ ! $format =~ ^(elf|script)$ ]]; then
        return 1
    fi
    _reported_versions reported "$3" "$1"
    _names_version "$reported" "$2"
}

# (variable, path of a target): makes a directory beside the target and sets the variable to its path.
# What is made ready there can be renamed to the target, whatever file systems there are.
_make_staging_dir() {
    local directory=${2%/*}/ made
    if [ ! -d "$directory" ] && ! mkdir -p "$directory"; then
        return 1
    fi
    made=$(mktemp -d "$directory.${2##*/}.XXXXXX") && printf -v "$1" '%s' "$made"
}

_make_executable() {
    chown root:root "$1" && chmod 0755 "$1"
}

# (staged file, target): what is at the target is replaced at once and as a whole. A running program
# runs on; a link is replaced and what it leads to stays; a directory is refused. mv refuses the very
# same file too: one that an interrupted install, or another one meanwhile, has put there.
_put_in_place() {
    local said
    if ! said=$(mv -fT "$1" "$2" 2>&1) && ! _is_same_file "$1" "$2"; then
        printf '%s\n' "$said" >&2
        return 1
    fi
}

# (file, target): succeeds when the target is another name of the file, and not a link to it.
_is_same_file() {
    [ ! -L "$2" ] && [ "$1" -ef "$2" ]
}

# (staging directory, path in it, package, version or nothing, target, where it comes from): puts a
# program from outside into place, once it has proved to be whole and of that version.
_install_extracted_binary() {
    local directory=$1 path=$2 package=$3 version=$4 target=$5 origin=$6 staged=$1/$2 format='' reported
    if [ ! -e "$staged" ] && [ ! -L "$staged" ]; then
        echo "Failed to locate $path in $origin"
        return 1
    fi
    if _is_below_link "$directory" "$path" || [ ! -f "$staged" ]; then
        echo "$path in $origin is not a regular file"
        return 1
    fi
    _program_format format "$staged"
    if [[ ! $format =~ ^(elf|script)$ ]]; then
        echo "$path in $origin is not a program to run here: $format"
        return 1
    fi
    if ! _make_executable "$staged"; then
        return 1
    fi
    _reported_versions reported "$staged" "$package"
    if [ -n "$version" ] && ! _may_be_version "$package" "$reported" "$version"; then
        echo "$path in $origin should be version $version, but it reports: ${reported:-none}"
        return 1
    fi
    _put_in_place "$staged" "$target"
}

# (directory, path in it): succeeds when the path is a link, or one of the directories on its way: it
# would lead to a file of this machine.
_is_below_link() {
    local at=$1/$2
    until [ "$at" = "$1" ]; do
        if [ -L "$at" ]; then
            return 0
        fi
        at=${at%/*}
    done
    return 1
}

# (package, versions that its program reports, wanted): succeeds when it is of that version. Only a program
# that is not Kubernetes' own (the credential provider) may keep its version to itself.
_may_be_version() {
    _names_version "$2" "$3" || { [ -z "$2" ] && ! _is_kubernetes_tool "$1"; }
}

# (package)
_is_kubernetes_tool() {
    [[ " ${KUBERNETES_TOOLS[*]} " == *" $1 "* ]]
}

# (path, mode = 0644): puts the text that it reads there, at once and as a whole: what reads it meanwhile, or
# after this was interrupted, finds the file as it was before or as it is now.
_write_file() {
    local - text=''
    set +x # may be a secret
    IFS= read -r -d '' text || : # it ends with the input
    _write_text "$text" "$@"
}

# (text, path, mode = 0644): the same with a text. Many files are written at a boot, each with few processes.
_write_text() {
    local - path=$2 mode=${3:-0644} draft=${2%/*}/.${2##*/}.draft
    set +x # may be a secret
    if [ ! -d "${path%/*}" ] && ! mkdir -p "${path%/*}" || ! (umask 077 && printf '%s' "$1" >"$draft") ||
        { [ "$mode" != 0600 ] && ! chmod "$mode" "$draft"; } || ! mv -fT "$draft" "$path"; then
        rm -f "$draft"
        echo "Failed to write $path" >&2
        return 1
    fi
}

# (base64, path, mode = 0644): the same with what the base64 stands for. Writes nothing where it is none.
_write_decoded() {
    local - text
    set +x # may be a secret
    if ! text=$(base64 -d <<<"$1" 2>/dev/null && echo .); then
        echo "What should be written to $2 is no base64" >&2
        return 1
    fi
    _write_text "${text%.}" "${@:2}" # the dot keeps what newlines the text ends with
}

# (file, new name): does not need to be on the same file system.
_link_or_copy() {
    ln "$1" "$2" 2>/dev/null || cp "$1" "$2"
}

# (program, new name): it is a program there, and the first stays as it is: what has to change its mode or
# owner gets a copy, as a link would change both.
_link_or_copy_program() {
    if [ "$(stat -c '%u:%g %a' "$1")" = '0:0 755' ]; then
        _link_or_copy "$1" "$2"
    else
        cp "$1" "$2"
    fi && _make_executable "$2"
}

# (program that the image carries, target): such a program was verified when the image was made, so
# it is not run here; what an interrupted making leaves is empty or cut. It is linked or copied, not
# moved: then it stays when something fails, and another install that has it in hand goes on.
_install_cached_binary() {
    local cached=$1 target=$2 format='' stage='' status=0
    _program_format format "$cached"
    if [[ ! $format =~ ^(elf|script|neither.*)$ ]]; then
        echo "$cached is not a program to run here: $format"
        return 1
    fi
    _make_staging_dir stage "$target" && _link_or_copy_program "$cached" "$stage/binary" &&
        _put_in_place "$stage/binary" "$target" || status=1
    rm -rf "$stage"
    return "$status"
}

# (package): removes the versions of a program that an image carries (/opt/bin/kubelet-1.34.1), once
# one is in place. Other programs whose names begin alike stay.
_remove_versioned_binaries() {
    local file
    local -a files=()
    for file in "/opt/bin/$1-"*; do
        if [ ! -d "$file" ] && [[ ${file#"/opt/bin/$1-"} =~ ^v?[0-9]+\.[0-9]+\.[0-9]+([-+~].*)?$ ]]; then
            files+=("$file")
        fi
    done
    if [ "${#files[@]}" -gt 0 ]; then
        rm -f "${files[@]}"
    fi
}

# (package, version, target = /opt/bin/<package>): installs kubelet or kubectl from the versioned
# program that the image carries, unless SHOULD_ENFORCE_KUBE_PMC_INSTALL asks for a package.
fallbackToKubeBinaryInstall() {
    local package=$1 version=$2 target=${3:-/opt/bin/$1} plain cached
    if ! _is_kubernetes_tool "$package"; then
        return 1
    fi
    if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
        echo "Kube PMC install is enforced, skipping fallback to kube binary install for $package"
        return 1
    fi
    _plain_version plain "$version"
    cached=/opt/bin/$package-$plain
    if [ ! -f "$cached" ] && ! _is_prerelease "$plain"; then
        cached=/opt/bin/$package-${plain%%-*} # the image names it without the package's release
    fi
    if [ -f "$cached" ] && [ ! -L "$cached" ] && _install_cached_binary "$cached" "$target"; then
        _remove_versioned_binaries "$package"
        return 0
    fi
    echo "No binary fallback found for $package version $version"
    return 1
}

#HELPERSEOF
