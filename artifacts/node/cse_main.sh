#!/bin/bash
# Provisions the node: what is the same for all nodes of an image first (basePrep), then what is this node's
# own (nodePrep). Where PRE_PROVISION_ONLY=true only the first is done, on a machine that becomes an image.
# kubelet is started as early as it can be: what it does not need comes after it, and containerd starts while
# other things are done.
# The CSE_*_FILEPATH say where the scripts are; every other variable is of the node's configuration.
# shellcheck disable=SC2034  # the scripts that it sources read variables, and is reads them by their names

set -x

CONTAINERS_DIR=/opt/azure/containers
LOGS_DIR=/var/log/azure

if [ -f "$CONTAINERS_DIR/provision.complete" ]; then
    # That is there whatever became of it, which only the report tells.
    failed_with=$(sed -nE '1s/^\{"ExitCode":"([1-9][0-9]*)".*/\1/p' "$LOGS_DIR/aks/provision.json" 2>/dev/null)
    if [ -n "$failed_with" ]; then
        echo "Already ran, and failed with exit code $failed_with"
        exit "$failed_with"
    fi
    echo "Already ran to success exiting..."
    exit 0
fi
rm -f "$CONTAINERS_DIR/imds_instance_metadata_cache.json" # may be of the machine that the image was made of

# The scripts may still be on their way: the helpers' last line says that they were written whole.
for try in {1..120}; do
    if [ -n "${CSE_HELPERS_FILEPATH:-}" ] && grep -Fqs '#HELPERSEOF' "$CSE_HELPERS_FILEPATH"; then
        break
    fi
    if [ "$try" -eq 120 ]; then
        echo "the scripts for provisioning did not come: ${CSE_HELPERS_FILEPATH:-CSE_HELPERS_FILEPATH is not set}" >&2
        exit 6
    fi
    sleep 1
done

# shellcheck source=/dev/null
source "$CSE_HELPERS_FILEPATH"
# shellcheck source=/dev/null
source "$CSE_DISTRO_HELPERS_FILEPATH"

# Links the logs to where the log collector looks, and takes secrets out of what cloud-init left.
prepareLogs() {
    local log
    mkdir -p "$LOGS_DIR/aks"
    for log in cluster-provision.log cluster-provision-cse-output.log; do
        ln -sfn "$LOGS_DIR/$log" "$LOGS_DIR/aks/$log"
    done
    if [ -f "$CONTAINERS_DIR/provision_redact_cloud_config.py" ]; then
        timeout 60 python3 "$CONTAINERS_DIR/provision_redact_cloud_config.py" \
            --cloud-config-path /var/lib/cloud/instance/cloud-config.txt --output-path "$LOGS_DIR/aks/cloud-config.txt" ||
            echo "what cloud-init left could not be redacted"
    fi
}

prepareLogs
echo "$(date),$HOSTNAME,startAKSCSE" >>/opt/m

# shellcheck source=/dev/null
source "$CSE_INSTALL_FILEPATH"
# shellcheck source=/dev/null
source "$CSE_DISTRO_INSTALL_FILEPATH"
# shellcheck source=/dev/null
source "$CSE_CONFIG_FILEPATH"

# (function): runs it as the event of its name.
run() {
    logs_to_events "AKS.CSE.$1" "$1"
}

# (variable): succeeds when it is set to true.
is() {
    [ "${!1:-}" = true ]
}

# Succeeds where the first of two stages was done when the image was made.
base_is_prepared() {
    [ -f "$CONTAINERS_DIR/base_prep.complete" ]
}

# Succeeds where packages come with manuals, whose index an install makes anew.
has_man_db() {
    ! isMarinerOrAzureLinux && ! isACL
}

# The proxy's address may hold a password.
use_proxy() {
    local -
    set +x
    if [ -n "${PROXY_VARS:-}" ]; then
        eval "$PROXY_VARS"
    fi
}

basePrep() {
    local installs
    hold_agent
    run configureAdminUser
    if [ "$UBUNTU_RELEASE" = 16.04 ]; then
        retrycmd_if_failure 5 5 120 apt-get purge -y chrony || echo "chrony could not be removed"
    fi
    use_proxy
    resolve_packages_source_url
    logs_to_events "AKS.CSE.setPackagesBaseURL" echo "$PACKAGE_DOWNLOAD_BASE_URL"
    run fetch_and_cache_imds_instance_metadata
    run configureAzureJson || exit "$ERR_FILE_WATCH_TIMEOUT"
    run ensureKubeCACert || exit "$ERR_FILE_WATCH_TIMEOUT"
    run installSecureTLSBootstrapClient
    logs_to_events "AKS.CSE.configureSSHPubkeyAuth" configureSSHPubkeyAuth "${DISABLE_PUBKEY_AUTH:-false}"
    if is DISABLE_SSH; then
        disableSSH || exit "$ERR_DISABLE_SSH"
    fi
    if is SHOULD_CONFIGURE_HTTP_PROXY; then
        if is SHOULD_CONFIGURE_HTTP_PROXY_CA; then
            configureHTTPProxyCA || exit "$ERR_UPDATE_CA_CERTS"
        fi
        configureEtcEnvironment
    fi
    if is SHOULD_CONFIGURE_CUSTOM_CA_TRUST; then
        run configureCustomCaCertificate || exit "$ERR_UPDATE_CA_CERTS"
    fi
    run setCPUArch
    if has_man_db; then
        run removeManDbAutoUpdateFlagFile
    fi
    log_in_to_registry
    run disableSystemdResolved

    SKIP_BINARY_CLEANUP=$(should_skip_binary_cleanup)
    installs=$(getInstallModeAndCleanupContainerImages "$SKIP_BINARY_CLEANUP" "${IS_VHD:-}") || exit
    echo "$installs"
    FULL_INSTALL_REQUIRED=${installs##*$'\n'}
    install_base
    configure_base

    if has_man_db; then
        createManDbAutoUpdateFlagFile
        if command -v mandb >/dev/null; then
            timeout 600 mandb -q >/dev/null 2>&1 &
        fi
    fi
}

log_in_to_registry() {
    if [ -n "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]; then
        logs_to_events "AKS.CSE.orasLogin.oras_login_with_kubelet_identity" oras_login_with_kubelet_identity \
            "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER%%/*}" "${USER_ASSIGNED_IDENTITY_ID:-}" "${TENANT_ID:-}" || exit
    fi
}

# What is installed on every node: nothing of it is, where the image carries it all.
install_base() {
    if isUbuntu && is FULL_INSTALL_REQUIRED; then
        run installDeps
    else
        echo "Golden image; skipping dependencies installation"
    fi
    if ! isAzureLinuxOSGuard && { is FULL_INSTALL_REQUIRED || [ -n "${CONTAINERD_PACKAGE_URL:-}" ]; }; then
        run installContainerRuntime
    else
        echo "Skipping installContainerRuntime because containerd is already available"
    fi
    setupCNIDirs
    if ! isAzureLinuxOSGuard; then
        run installNetworkPlugin
    fi
    SHOULD_ENFORCE_KUBE_PMC_INSTALL=$(should_enforce_kube_pmc_install)
    run configureKubeletAndKubectl || exit "$ERR_K8S_INSTALL_ERR"
    # Reads the program from the disk while other things are done: then it starts sooner.
    nohup timeout 60 /opt/bin/kubelet --version >/dev/null 2>&1 &
}

configure_base() {
    createKubeManifestDir
    if is HAS_CUSTOM_SEARCH_DOMAIN; then
        timeout 300 "$CUSTOM_SEARCH_DOMAIN_FILEPATH" || exit "$ERR_CUSTOM_SEARCH_DOMAINS_FAIL"
    fi
    mkdir -p "$KUBELET_DROP_IN_DIR"
    run configureCNI
    if is IPV6_DUAL_STACK_ENABLED; then
        run ensureDHCPv6
    fi
    if isMarinerOrAzureLinux; then
        run configureSystemdUseDomains
    fi
    if is SHOULD_CONFIG_CONTAINERD_ULIMITS; then
        logs_to_events "AKS.CSE.setContainerdUlimits" configureContainerdUlimits
    fi
    run ensureContainerd
    if [ -n "${MESSAGE_OF_THE_DAY:-}" ]; then
        configureMessageOfTheDay
    fi
    if [ "${TARGET_CLOUD:-}" = AzureChinaCloud ]; then
        retagMCRImagesForChina || exit "$ERR_CTR_OPERATION_ERROR"
    fi
    if is ENABLE_HOSTS_CONFIG_AGENT; then
        run configPrivateClusterHosts
    fi
    if is SHOULD_CONFIG_TRANSPARENT_HUGE_PAGE; then
        run configureTransparentHugePage
    fi
    if is SHOULD_CONFIG_SWAP_FILE; then
        run configureSwapFile
    fi
    configureKubeletRuntime || exit "$ERR_FILE_WATCH_TIMEOUT"
    run ensureSysctl || exit "$ERR_SYSCTL_RELOAD"
    if ! isAzureLinuxOSGuard && { isUbuntu || isMarinerOrAzureLinux; }; then
        logs_to_events "AKS.CSE.ubuntuSnapshotUpdate" ensureSnapshotUpdate
    fi
    if isUbuntu && is FULL_INSTALL_REQUIRED; then
        unbind_hv_util
    fi
    if is ARTIFACT_STREAMING_ENABLED; then
        logs_to_events "AKS.CSE.ensureContainerd.ensureArtifactStreaming" ensureArtifactStreaming || exit "$ERR_ARTIFACT_STREAMING_INSTALL"
    fi
}

# A machine that was installed just now may have drivers that compete for the host's clock: one is let go.
unbind_hv_util() {
    local device
    for device in /sys/bus/vmbus/drivers/hv_util/*-*; do
        if [ -e "$device" ]; then
            echo "${device##*/}" >/sys/bus/vmbus/drivers/hv_util/unbind || echo "${device##*/} could not be unbound"
            break
        fi
    done
}

nodePrep() {
    run fetch_and_cache_imds_instance_metadata
    if base_is_prepared; then
        # That was on another machine, and in another shell.
        SHOULD_ENFORCE_KUBE_PMC_INSTALL=$(should_enforce_kube_pmc_install)
        use_proxy
        log_in_to_registry
    fi
    run configureKubeletServing
    run configureK8s || exit "$ERR_FILE_WATCH_TIMEOUT"
    if is ENABLE_SECURE_TLS_BOOTSTRAPPING; then
        run configureAndStartSecureTLSBootstrapping
    fi
    check_outbound
    run ensureAzureNetworkConfig

    skip_nvidia_driver_install=$(should_skip_nvidia_drivers) || exit "$ERR_NVIDIA_DRIVER_INSTALL"
    REBOOTREQUIRED=false
    if is GPU_NODE && ! is skip_nvidia_driver_install; then
        prepare_gpus
    fi
    if isAmdAmaEnabledNode; then
        run setupAmdAma
    fi
    check_api_server

    checkServiceHealth containerd || exit "$ERR_SYSTEMCTL_START_FAIL"
    if is ENABLE_SECURE_TLS_BOOTSTRAPPING; then
        checkServiceHealth secure-tls-bootstrap || echo "secure TLS bootstrapping failed, kubelet bootstraps with its token"
    fi
    run ensureKubelet

    # Nothing from here on is what kubelet waits for.
    if is ENSURE_NO_DUPE_PROMISCUOUS_BRIDGE; then
        run ensureNoDupOnPromiscuBridge
    fi
    if is SHOULD_ENABLE_LOCALDNS; then
        run enableLocalDNS || exit "$ERR_LOCALDNS_FAIL"
    fi
    run configureNodeExporter || echo "Node Exporter could not be configured"
    if ! is GPU_NODE || is skip_nvidia_driver_install; then
        run cleanUpGPUDrivers
    fi
    checkServiceHealth kubelet || exit "$ERR_KUBELET_FAIL"
    finish
}

check_outbound() {
    local -a words
    if [ -n "${OUTBOUND_COMMAND:-}" ]; then
        use_proxy
        read -r -a words <<<"$OUTBOUND_COMMAND"
        retrycmd_if_failure 60 1 5 "${words[@]}" || exit "$ERR_OUTBOUND_CONN_FAIL"
    fi
    if [ -n "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]; then
        touch /var/run/outbound-check-skipped /opt/azure/outbound-check-skipped
    fi
}

prepare_gpus() {
    run ensureGPUDrivers
    if is GPU_NEEDS_FABRIC_MANAGER; then
        if declare -F installNvidiaFabricManager >/dev/null; then
            run installNvidiaFabricManager
        fi
        logs_to_events "AKS.CSE.nvidia-fabricmanager" systemctlEnableAndStart nvidia-fabricmanager 30 || exit "$ERR_GPU_DRIVERS_START_FAIL"
    else
        systemctlDisableAndStop nvidia-fabricmanager
    fi
    if is MIG_NODE; then
        REBOOTREQUIRED=true
        run ensureMigPartition
    fi
    run configureManagedGPUExperience || exit "$ERR_ENABLE_MANAGED_GPU_EXPERIENCE"
}

# Ends where the API server cannot be reached: its name first, as that failure has a cause of its own.
check_api_server() {
    local name=${API_SERVER_NAME:-} budget=300 tries=50 answer code=0
    if [[ $name == *.privatelink.* ]]; then
        budget=600
        tries=100
    fi
    if [[ $name =~ ^[0-9]+(\.[0-9]+){3}$ ]]; then
        logs_to_events "AKS.CSE.apiserverNC" retrycmd_if_failure 300 1 10 nc -vz "$name" 443 || code=$ERR_K8S_API_SERVER_CONN_FAIL
    else
        if ! is ENABLE_HOSTS_CONFIG_AGENT; then
            answer=$(logs_to_events "AKS.CSE.apiserverNslookup" retrycmd_nslookup 1 15 "$budget" "$name") || code=$ERR_K8S_API_SERVER_DNS_LOOKUP_FAIL
            echo "$answer"
            if [ "$code" -ne 0 ] && [[ $answer == *168.63.129.16* ]]; then
                code=$ERR_K8S_API_SERVER_AZURE_DNS_LOOKUP_FAIL
            fi
        fi
        if [ "$code" -eq 0 ]; then
            logs_to_events "AKS.CSE.apiserverCurl" retrycmd_if_failure "$tries" 1 10 curl -v --cacert "$KUBE_CA_FILE" "https://$name:443" || code=$ERR_K8S_API_SERVER_CONN_FAIL
        fi
    fi
    echo "API server connection check code: $code"
    if [ "$code" -ne 0 ]; then
        exit "$code"
    fi
}

# While the node is provisioned, its agent is not upgraded: that would end the provisioning.
hold_agent() {
    if is SKIP_WAAGENT_HOLD; then
        echo "Skipping holding walinuxagent"
    else
        run_in_background aptmarkWALinuxAgent hold &
        HOLD=$!
    fi
}

release_agent() {
    if ! is SKIP_WAAGENT_HOLD; then
        release_agent_after "${HOLD:-}" &
    fi
}

# (process, or nothing): that of the hold has long ended by then. Where it has not, a release before its end
# would be none; nobody waits for that longer than ten minutes.
release_agent_after() {
    local waited=0
    while [ -n "$1" ] && kill -0 "$1" 2>/dev/null && [ "$waited" -lt 600 ]; do
        sleep 1
        waited=$((waited + 1))
    done
    run_in_background aptmarkWALinuxAgent unhold
}

# (function, argument): its failure ends nothing, so it is told.
run_in_background() {
    (logs_to_events "AKS.CSE.$1" "$@") || echo "$* failed with exit code $?"
}

finish() {
    if is REBOOTREQUIRED; then
        echo "reboot required, rebooting node in 1 minute"
        timeout 30 shutdown -r 1 &
        if isUbuntu; then
            release_agent
        fi
    elif isUbuntu; then
        if is ENABLE_UNATTENDED_UPGRADES; then
            enableUnattendedUpgrades || echo "unattended upgrades could not be enabled"
        fi
        release_agent
    elif isMarinerOrAzureLinux && ! isAzureLinuxOSGuard && ! is IS_KATA && is ENABLE_UNATTENDED_UPGRADES; then
        enableUnattendedUpgrades || echo "unattended upgrades could not be enabled"
    fi
}

if base_is_prepared; then
    echo "Skipping basePrep - base_prep.complete file exists"
else
    basePrep
fi
if is PRE_PROVISION_ONLY; then
    echo "Skipping nodePrep - pre-provision only mode"
else
    nodePrep
fi

echo "Custom script finished."
echo "$(date),$HOSTNAME,endAKSCSE" >>/opt/m

#EOF
