#!/bin/bash
# Configuring a node: what its services read, their start, and which source its programs come from. Needs
# cse_helpers.sh, cse_install.sh and the distribution's scripts when its functions are called.
# What a function writes appears at once and as a whole, and writing it again changes nothing: a run that was
# interrupted is made good by the next.
# shellcheck disable=SC2034  # constants are read by the scripts that source this file

NODE_NAME=${HOSTNAME,,}
NODE_INDEX=${NODE_NAME##*[!0-9]}
AZURE_JSON_PATH=/etc/kubernetes/azure.json
AKS_CUSTOM_CLOUD_JSON_PATH=/etc/kubernetes/${TARGET_ENVIRONMENT:-}.json
CERTIFICATES_DIR=/etc/kubernetes/certs
KUBE_CA_FILE=$CERTIFICATES_DIR/ca.crt
KUBELET_DROP_IN_DIR=/etc/systemd/system/kubelet.service.d
KUBELET_DIR=/var/lib/kubelet
TLS_BOOTSTRAP_START_TIME_FILE=/opt/azure/containers/tls-bootstrap-start-time
SECURE_TLS_BOOTSTRAPPING_DROP_IN=/etc/systemd/system/secure-tls-bootstrap.service.d/10-securetlsbootstrap.conf
LOCALDNS_CORE_FILE=/opt/azure/containers/localdns/localdns.corefile
LOCALDNS_SLICE_FILE=/etc/systemd/system/localdns.slice
CREDENTIAL_PROVIDER_CONFIG_FILE=$KUBELET_DIR/credential-provider-config.yaml
CONTAINERD_CONFIG_FILE=/etc/containerd/config.toml
CONTAINERD_SOCKET=/run/containerd/containerd.sock

# --- The machine and who may log in -------------------------------------------------------------

# Lets the account of the administrator and its password never expire.
configureAdminUser() {
    timeout 30 chage -E -1 -I -1 -m 0 -M 99999 "${ADMINUSER:-azureuser}" &&
        timeout 30 chage -l "${ADMINUSER:-azureuser}"
}

# (disabled): true lets nobody in by a public key. A configuration that sshd would refuse is not left in place.
configureSSHPubkeyAuth() {
    local config=/etc/ssh/sshd_config answer=yes before after
    if [ ! -f "$config" ]; then
        echo "there is no $config, nothing to configure"
        return 0
    fi
    if [ "${1:-}" = true ]; then
        answer=no
    fi
    before=$(<"$config")
    # Of several lines sshd takes the first, and one below a Match is for some users only.
    after="PubkeyAuthentication $answer"$'\n'$(sed -E '/^[[:space:]]*#?[[:space:]]*PubkeyAuthentication[[:space:]]/Id' "$config")
    if [ "$after" = "$before" ]; then
        return 0
    fi
    _write_file "$config" 0600 <<<"$after" || return 1
    if ! timeout 30 sshd -t; then
        echo "sshd would refuse its configuration, it is left as it was"
        _write_file "$config" 0600 <<<"$before"
        return 1
    fi
    retrycmd_if_failure 5 2 25 systemctl reload-or-restart "$(_ssh_service)"
}

disableSSH() {
    local service
    service=$(_ssh_service)
    systemctl_stop 20 5 25 "$service" && systemctl_disable 20 5 25 "$service"
}

_ssh_service() {
    if isUbuntu; then
        echo ssh
    else
        echo sshd
    fi
}

# Writes the message that people see who log in.
configureMessageOfTheDay() {
    _write_decoded "${MESSAGE_OF_THE_DAY:-}" /etc/motd || return 1
    if isUbuntu && [ -d /etc/update-motd.d ]; then
        _write_file /etc/update-motd.d/99-aks-custom-motd 0755 <<'SCRIPT'
#!/bin/bash
cat /etc/motd
SCRIPT
    fi
}

# While the node is provisioned, no installed package has the index of manual pages made anew.
removeManDbAutoUpdateFlagFile() {
    rm -f /var/lib/man-db/auto-update
}

createManDbAutoUpdateFlagFile() {
    mkdir -p /var/lib/man-db && touch /var/lib/man-db/auto-update
}

# Has names looked up by the servers that the network tells: the resolver on the loopback is one that
# containers cannot reach.
disableSystemdResolved() {
    if isUbuntu && [ -e /run/systemd/resolve/resolv.conf ]; then
        _put_link_in_place /run/systemd/resolve/resolv.conf /etc/resolv.conf
    fi
}

# Has the domains that the network tells be searched.
configureSystemdUseDomains() {
    _write_file /etc/systemd/networkd.conf.d/80-use-domains.conf <<'CONF' || return 1
[DHCPv4]
UseDomains=true
[DHCPv6]
UseDomains=true
CONF
    retrycmd_if_failure 10 2 25 systemctl restart systemd-networkd
}

ensureDHCPv6() {
    systemctlEnableAndStart dhcpv6 30 || exit "$ERR_SYSTEMCTL_START_FAIL"
    retrycmd_if_failure 120 5 25 modprobe ip6_tables || exit "$ERR_MODPROBE_FAIL"
}

# Has the network's devices set as the image says, where it does.
ensureAzureNetworkConfig() {
    if [ ! -f /etc/udev/rules.d/99-azure-network.rules ]; then
        echo "the image says nothing of the network's devices"
        return 0
    fi
    retrycmd_if_failure 3 2 30 udevadm control --reload-rules &&
        retrycmd_if_failure 3 2 30 udevadm trigger --subsystem-match=net --action=add
}

# Lets the name of a private API server be kept up to date in /etc/hosts.
configPrivateClusterHosts() {
    _write_file /etc/systemd/system/reconcile-private-hosts.service.d/10-fqdn.conf 0600 <<CONF || return 1
[Service]
Environment="KUBE_API_SERVER_FQDN=${API_SERVER_NAME:-}"
CONF
    systemctlEnableAndStart reconcile-private-hosts 30 || exit "$ERR_SYSTEMCTL_START_FAIL"
}

# Sets how the kernel uses huge pages: now, and for later boots.
configureTransparentHugePage() {
    local name value settings=''
    for name in enabled defrag; do
        value=${THP_ENABLED:-}
        if [ "$name" = defrag ]; then
            value=${THP_DEFRAG:-}
        fi
        if [ -n "$value" ]; then
            echo "$value" >"/sys/kernel/mm/transparent_hugepage/$name" || echo "the kernel takes no $value for huge pages' $name"
            settings+="kernel/mm/transparent_hugepage/$name=$value"$'\n'
        fi
    done
    if [ -n "$settings" ]; then
        printf '%s' "$settings" | _write_file /etc/sysfs.d/99-aks-huge-pages.conf
    fi
}

# Makes a swap file of SWAP_FILE_SIZE_MB, on the machine's temporary disk where that has room, and uses it.
configureSwapFile() {
    local megabytes=${SWAP_FILE_SIZE_MB:-0} directory=/mnt file free
    if ! mountpoint -q "$directory"; then
        directory=/
    fi
    free=$(df -Pm "$directory" | awk 'NR == 2 { print $4 }')
    if [ "${free:-0}" -le "$megabytes" ]; then
        echo "there are ${free:-0} MB free in $directory, too few for a swap file of $megabytes MB"
        exit "$ERR_SWAP_CREATE_INSUFFICIENT_DISK_SPACE"
    fi
    file=${directory%/}/swapfile
    if [ ! -f "$file" ]; then
        if ! timeout 300 fallocate -l "${megabytes}M" "$file" || ! chmod 0600 "$file" || ! timeout 60 mkswap "$file"; then
            rm -f "$file"
            exit "$ERR_SWAP_CREATE_FAIL"
        fi
    fi
    if ! grep -q "^$file " /proc/swaps; then
        timeout 60 swapon "$file" || exit "$ERR_SWAP_CREATE_FAIL"
    fi
    if ! grep -qs "^$file " /etc/fstab; then
        echo "$file none swap sw 0 0" >>/etc/fstab
    fi
}

# --- Proxy and certificates -----------------------------------------------------------------------

# Prints the directory of certificates that this system trusts beside its own.
_trusted_certificates_dir() {
    if isMarinerOrAzureLinux || isACL; then
        echo /etc/pki/ca-trust/source/anchors
    elif isFlatcar; then
        echo /etc/ssl/certs
    else
        echo /usr/local/share/ca-certificates
    fi
}

# Lets the machine trust the proxy's certificate.
configureHTTPProxyCA() {
    local certificate update='update-ca-certificates'
    certificate=$(_trusted_certificates_dir)/proxyCA.crt
    if isMarinerOrAzureLinux || isACL; then
        update='update-ca-trust'
    elif isFlatcar; then
        certificate=${certificate%.crt}.pem
    fi
    _write_decoded "${HTTP_PROXY_TRUSTED_CA:-}" "$certificate" || exit "$ERR_HTTP_PROXY_CA_CONVERT"
    retrycmd_if_failure 3 5 60 "$update"
}

# Tells the proxy to services, to people and to apt.
configureEtcEnvironment() {
    local - name url lines='' manager=''
    set +x # a proxy's address may hold a password
    for name in HTTP_PROXY HTTPS_PROXY NO_PROXY; do
        url=${name}_URLS
        url=${!url:-}
        if [ -n "$url" ]; then
            lines+="$name=\"$url\""$'\n'"${name,,}=\"$url\""$'\n'
            manager+="DefaultEnvironment=\"$name=$url\" \"${name,,}=$url\""$'\n'
        fi
    done
    { sed -E '/^(HTTP|HTTPS|NO)_PROXY=/Id' /etc/environment 2>/dev/null || :; printf '%s' "$lines"; } | _write_file /etc/environment || return 1
    printf '[Manager]\n%s' "$manager" | _write_file /etc/systemd/system.conf.d/proxy.conf || return 1
    if isUbuntu && [ -n "${HTTP_PROXY_URLS:-}${HTTPS_PROXY_URLS:-}" ]; then
        {
            printf 'Acquire::http::proxy "%s";\n' "${HTTP_PROXY_URLS:-}"
            printf 'Acquire::https::proxy "%s";\n' "${HTTPS_PROXY_URLS:-}"
        } | grep -v ' "";$' | _write_file /etc/apt/apt.conf.d/95proxy
    fi
}

# Lets the machine trust the certificates of whoever runs the cluster. containerd is started later, so
# nobody has to tell it.
configureCustomCaCertificate() {
    local index name
    mkdir -p /opt/certs && chmod 0755 /opt/certs || exit "$ERR_UPDATE_CA_CERTS"
    for ((index = 0; index < ${CUSTOM_CA_TRUST_COUNT:-0}; index++)); do
        name=CUSTOM_CA_CERT_$index
        _write_decoded "${!name:-}" "/opt/certs/00000000000000cert$index.crt" || exit "$ERR_UPDATE_CA_CERTS"
    done
    retrycmd_if_failure 3 5 60 systemctl restart update_certs.service || exit "$ERR_UPDATE_CA_CERTS"
}

# The certificate of the cluster's authority, by which the node knows the API server.
ensureKubeCACert() {
    _write_decoded "${KUBE_CA_CRT:-}" "$KUBE_CA_FILE"
}

# --- Kubernetes' view of the cloud ----------------------------------------------------------------

# Writes what the cloud provider of Kubernetes, and the credential provider, know of this machine's cloud
# (https://cloud-provider-azure.sigs.k8s.io/install/configs).
configureAzureJson() {
    local - escaped secret='' name variable member members
    set +x # a secret
    if [ -n "${SERVICE_PRINCIPAL_FILE_CONTENT:-}" ]; then
        secret=$(base64 -d <<<"$SERVICE_PRINCIPAL_FILE_CONTENT") || return 1
    fi
    _json_escape escaped "${TARGET_CLOUD:-AzurePublicCloud}"
    members="    \"cloud\": \"$escaped\""
    for name in tenantId=TENANT_ID subscriptionId=SUBSCRIPTION_ID aadClientId=SERVICE_PRINCIPAL_CLIENT_ID aadClientSecret=secret \
        resourceGroup=RESOURCE_GROUP location=LOCATION vmType=VM_TYPE subnetName=SUBNET securityGroupName=NETWORK_SECURITY_GROUP \
        vnetName=VIRTUAL_NETWORK vnetResourceGroup=VIRTUAL_NETWORK_RESOURCE_GROUP routeTableName=ROUTE_TABLE \
        primaryAvailabilitySetName=PRIMARY_AVAILABILITY_SET primaryScaleSetName=PRIMARY_SCALE_SET \
        userAssignedIdentityID=USER_ASSIGNED_IDENTITY_ID loadBalancerSku=LOAD_BALANCER_SKU; do
        variable=${name#*=}
        _json_escape escaped "${!variable:-}"
        members+=$',\n'"    \"${name%%=*}\": \"$escaped\""
    done
    for name in useManagedIdentityExtension=USE_MANAGED_IDENTITY_EXTENSION useInstanceMetadata=USE_INSTANCE_METADATA; do
        variable=${name#*=}
        member=false
        if [ "${!variable:-}" = true ]; then
            member=true
        fi
        members+=$',\n'"    \"${name%%=*}\": $member"
    done
    _write_text "{"$'\n'"$members"$'\n'"}"$'\n' "$AZURE_JSON_PATH" 0600 || return 1
    if [ -n "${CUSTOM_ENV_JSON:-}" ]; then
        _write_decoded "$CUSTOM_ENV_JSON" "$AKS_CUSTOM_CLOUD_JSON_PATH" 0600
    fi
}

# Puts kubelet's certificates, its key and its configuration file in place.
configureK8s() {
    local -
    set +x # a key
    mkdir -p "$CERTIFICATES_DIR"
    if [ -n "${APISERVER_PUBLIC_KEY:-}" ]; then
        _write_decoded "$APISERVER_PUBLIC_KEY" "$CERTIFICATES_DIR/apiserver.crt" || return 1
    fi
    if [ -n "${KUBELET_CLIENT_CONTENT:-}" ]; then
        _write_decoded "$KUBELET_CLIENT_CONTENT" "$CERTIFICATES_DIR/client.key" 0600 || return 1
        _write_decoded "${KUBELET_CLIENT_CERT_CONTENT:-}" "$CERTIFICATES_DIR/client.crt" || return 1
    fi
    if [ "${KUBELET_CONFIG_FILE_ENABLED:-}" = true ]; then
        _write_decoded "${KUBELET_CONFIG_FILE_CONTENT:-}" /etc/default/kubeletconfig.json || return 1
        _kubelet_drop_in 10-componentconfig.conf 'KUBELET_CONFIG_FILE_FLAGS=--config /etc/default/kubeletconfig.json'
    fi
}

# Decides whether kubelet gets the certificate that it serves with from the cluster, which a tag of the
# machine can refuse, or one that it signs itself.
configureKubeletServing() {
    local refused label=kubernetes.azure.com/kubelet-serving-ca=cluster
    _remove_word KUBELET_NODE_LABELS , "$label"
    if [ "${ENABLE_KUBELET_SERVING_CERTIFICATE_ROTATION:-}" != true ]; then
        echo "kubelet signs the certificate itself that it serves with"
        _make_serving_certificate
        return 0
    fi
    refused=$(should_disable_kubelet_serving_certificate_rotation) || exit "$ERR_LOOKUP_DISABLE_KUBELET_SERVING_CERTIFICATE_ROTATION_TAG"
    _remove_flags --rotate-server-certificates
    if [ "$refused" = true ]; then
        echo "a tag of the machine refuses the cluster's certificate for kubelet to serve with"
        _make_serving_certificate
        return 0
    fi
    _remove_flags --tls-cert-file --tls-private-key-file
    KUBELET_FLAGS+=" --rotate-server-certificates=true"
    KUBELET_NODE_LABELS=${KUBELET_NODE_LABELS:+$KUBELET_NODE_LABELS,}$label
}

# Makes the certificate that kubelet's flags name, unless it is there. Without it kubelet makes one by
# itself, if the flags name none.
_make_serving_certificate() {
    local key=$CERTIFICATES_DIR/kubeletserver.key certificate=$CERTIFICATES_DIR/kubeletserver.crt
    if [ -s "$certificate" ]; then
        return 0
    fi
    mkdir -p "$CERTIFICATES_DIR"
    if ! timeout 60 openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 7300 -subj "/CN=$NODE_NAME" \
        -keyout "$key.draft" -out "$certificate.draft" || ! chmod 0600 "$key.draft" || ! mv -fT "$key.draft" "$key" || ! mv -fT "$certificate.draft" "$certificate"; then
        echo "no certificate could be made for kubelet to serve with, it is left to make one"
        rm -f "$key.draft" "$certificate.draft"
        _remove_flags --tls-cert-file --tls-private-key-file
    fi
}

# (variable, separator, word): takes the word out of the variable's list.
_remove_word() {
    local _list=$2${!1:-}$2
    _list=${_list//"$2$3$2"/"$2"}
    _list=${_list#"$2"}
    printf -v "$1" '%s' "${_list%"$2"}"
}

# (name...): takes flags with these names out of KUBELET_FLAGS.
_remove_flags() {
    local flag name
    local -a flags kept=()
    read -r -a flags <<<"${KUBELET_FLAGS:-}"
    for flag in "${flags[@]}"; do
        for name; do
            if [ "${flag%%=*}" = "$name" ]; then
                continue 2
            fi
        done
        kept+=("$flag")
    done
    KUBELET_FLAGS=${kept[*]}
}

createKubeManifestDir() {
    mkdir -p /etc/kubernetes/manifests
}

# --- Network ------------------------------------------------------------------------------------

# Loads the modules of the kernel that containers' networks take, now and at each boot.
configureCNI() {
    local module
    retrycmd_if_failure 120 5 25 modprobe -a br_netfilter nf_conntrack || exit "$ERR_MODPROBE_FAIL"
    for module in br_netfilter nf_conntrack; do
        printf '%s' "$module" | _write_file "/etc/modules-load.d/$module.conf"
    done
    configureCNIIPTables
}

configureCNIIPTables() {
    local list=$CNI_CONFIG_DIR/10-azure.conflist
    if [ "${NETWORK_PLUGIN:-}" != azure ]; then
        return 0
    fi
    if [ -f "$CNI_BIN_DIR/10-azure.conflist" ]; then
        mkdir -p "$CNI_CONFIG_DIR" && mv -fT "$CNI_BIN_DIR/10-azure.conflist" "$list" && chmod 0600 "$list" || return 1
    fi
    if [ -f "$list" ] && { [ "${NETWORK_POLICY:-}" = calico ] || { [ "${NETWORK_POLICY:-none}" = none ] && [ "${NETWORK_MODE:-}" = transparent ]; }; }; then
        sed 's#"mode":"bridge"#"mode":"transparent"#' "$list" | _write_file "$list" 0600 || return 1
    fi
    timeout 25 /sbin/ebtables -t nat --list
}

# --- containerd -----------------------------------------------------------------------------------

# Limits of containerd's process, which its start reads: so nobody has to start it again.
configureContainerdUlimits() {
    local -a limits
    read -r -a limits <<<"${CONTAINERD_ULIMITS:-}"
    printf '%s\n' "${limits[@]}" | _write_file /etc/systemd/system/containerd.service.d/set_ulimits.conf 0600
}

# Configures containerd and starts it. Does not wait until it has started: who needs it waits for it.
ensureContainerd() {
    local content=${CONTAINERD_CONFIG_CONTENT:-}
    _write_file /etc/systemd/system/containerd.service.d/exec_start.conf <<'CONF' || exit "$ERR_FILE_WATCH_TIMEOUT"
[Service]
ExecStartPost=/sbin/iptables -P FORWARD ACCEPT
LimitNOFILE=1048576
CONF
    if [ "${GPU_NODE:-}" != true ]; then
        echo "Generating containerd config..."
    elif [ "$(should_skip_nvidia_drivers)" = true ]; then
        echo "Generating non-GPU containerd config for GPU node due to VM tags"
        content=${CONTAINERD_CONFIG_NO_GPU_CONTENT:-}
    else
        echo "Generating GPU containerd config..."
    fi
    _write_decoded "$content" "$CONTAINERD_CONFIG_FILE" || exit "$ERR_FILE_WATCH_TIMEOUT"
    if [ -n "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]; then
        logs_to_events "AKS.CSE.ensureContainerd.configureContainerdRegistryHost" configureContainerdRegistryHost
    elif [ "${TARGET_CLOUD:-}" = AzureChinaCloud ] || [ "$(should_e2e_mock_azure_china_cloud)" = true ]; then
        logs_to_events "AKS.CSE.ensureContainerd.configureContainerdLegacyMooncakeMcrHost" configureContainerdLegacyMooncakeMcrHost
    fi
    _write_file /etc/sysctl.d/99-force-bridge-forward.conf <<'CONF' || exit "$ERR_SYSCTL_RELOAD"
net.ipv4.ip_forward = 1
net.ipv4.conf.all.forwarding = 1
net.ipv6.conf.all.forwarding = 1
net.bridge.bridge-nf-call-iptables = 1
CONF
    sysctl_reload 120 5 25 /etc/sysctl.d/99-force-bridge-forward.conf || exit "$ERR_SYSCTL_RELOAD"
    systemctlEnableAndStartNoBlock containerd 30 || exit "$ERR_SYSTEMCTL_START_FAIL"
}

# Has images of mcr.microsoft.com come from the cluster's own registry.
configureContainerdRegistryHost() {
    _write_file /etc/containerd/certs.d/mcr.microsoft.com/hosts.toml <<CONF
server = "https://mcr.microsoft.com"
[host."https://${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER%%/*}"]
  capabilities = ["pull", "resolve"]
CONF
}

# Has images of mcr.azk8s.cn, a name that is no longer served, come from the one that is.
configureContainerdLegacyMooncakeMcrHost() {
    _write_file /etc/containerd/certs.d/mcr.azk8s.cn/hosts.toml <<'CONF'
server = "https://mcr.azure.cn"
[host."https://mcr.azure.cn"]
  capabilities = ["pull", "resolve"]
CONF
}

# Lets containers start while their images are still coming.
ensureArtifactStreaming() {
    waitForContainerdReady || return "$ERR_ARTIFACT_STREAMING_INSTALL"
    retrycmd_if_failure 120 5 25 systemctl --quiet enable --now acr-mirror overlaybd-tcmu overlaybd-snapshotter ||
        return "$ERR_ARTIFACT_STREAMING_INSTALL"
    timeout 120 /opt/acr/bin/acr-config --enable-containerd azurecr.io
}

# Prints the image that containerd keeps pods' namespaces with, or nothing.
get_sandbox_image() {
    sed -nE 's/^[[:space:]]*sandbox(_image)?[[:space:]]*=[[:space:]]*["'\'']([^"'\'']+)["'\''].*$/\2/p' "$CONTAINERD_CONFIG_FILE" | head -n 1
}

# Brings that image from the cluster's registry, unless containerd has it.
ensurePodInfraContainerImage() {
    local image directory=/opt/pod-infra-container-image status=0
    waitForContainerdReady || exit "$ERR_PULL_POD_INFRA_CONTAINER_IMAGE"
    image=$(get_sandbox_image)
    if [ -z "$image" ]; then
        echo "Failed to recognize pod infra container image"
        exit "$ERR_PULL_POD_INFRA_CONTAINER_IMAGE"
    fi
    if timeout 30 ctr -n k8s.io images list -q | grep -Fxq "$image"; then
        echo "Image $image already exists locally, skipping pull"
        return 0
    fi
    mkdir -p "$directory/layout"
    retrycmd_if_failure 10 5 60 oras copy "$BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER/${image#*/}" --to-oci-layout "$directory/layout" --from-registry-config "$ORAS_REGISTRY_CONFIG_FILE" &&
        tar -cf "$directory/image.tar" -C "$directory/layout" . &&
        timeout 60 ctr -n k8s.io image import --base-name "${image%:*}" "$directory/image.tar" &&
        { timeout 30 ctr -n k8s.io images list -q | grep -Fxq "$image" || timeout 30 ctr -n k8s.io image tag "$BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER/${image#*/}" "$image"; } &&
        timeout 30 ctr -n k8s.io image label "$image" io.cri-containerd.pinned=pinned || status=$ERR_PULL_POD_INFRA_CONTAINER_IMAGE
    rm -rf "$directory"
    if [ "$status" -ne 0 ]; then
        echo "Failed to bring pod infra container image $image"
        exit "$status"
    fi
}

# --- The kernel's settings ------------------------------------------------------------------------

# Writes the settings that the cluster wants, and has the kernel take these and no others.
ensureSysctl() {
    _write_decoded "${SYSCTL_CONTENT:-}" /etc/sysctl.d/999-sysctl-aks.conf || return 1
    sysctl_reload 24 5 25 /etc/sysctl.d/999-sysctl-aks.conf
}

# --- kubelet ------------------------------------------------------------------------------------

# (file, assignment...): gives kubelet's unit variables.
_kubelet_drop_in() {
    local file=$1
    shift
    { echo '[Service]'; printf 'Environment="%s"\n' "$@"; } | _write_file "$KUBELET_DROP_IN_DIR/$file" 0600
}

# Tells kubelet's unit how to use containerd.
configureKubeletRuntime() {
    _write_decoded "${KUBENET_TEMPLATE:-}" /etc/containerd/kubenet_template.conf || return 1
    _kubelet_drop_in 10-containerd-base-flag.conf \
        "KUBELET_CONTAINERD_FLAGS=--runtime-request-timeout=15m --container-runtime-endpoint=unix://$CONTAINERD_SOCKET --runtime-cgroups=/system.slice/containerd.service"
    if ! semverCompare "${KUBERNETES_VERSION#v}" 1.27.0; then
        _kubelet_drop_in 10-container-runtime-flag.conf KUBELET_CONTAINER_RUNTIME_FLAG=--container-runtime=remote
    fi
    if [ "${NEEDS_CGROUPV2:-}" = true ]; then
        _kubelet_drop_in 10-cgroupv2.conf KUBELET_CGROUP_FLAGS=--cgroup-driver=systemd
    fi
    if [ "${HAS_KUBELET_DISK_TYPE:-}" = true ]; then
        _write_file "$KUBELET_DROP_IN_DIR/10-bindmount.conf" 0600 <<'CONF'
[Unit]
Requires=bind-mount.service
After=bind-mount.service
CONF
    fi
}

# Lets the secure way to bootstrap go first; where it fails, the token is there.
configureAndStartSecureTLSBootstrapping() {
    _write_file "$SECURE_TLS_BOOTSTRAPPING_DROP_IN" 0600 <<CONF || exit "$ERR_SECURE_TLS_BOOTSTRAP_START_FAILURE"
[Unit]
Before=kubelet.service
[Service]
Environment="BOOTSTRAP_FLAGS=--aad-resource=${SECURE_TLS_BOOTSTRAPPING_AAD_RESOURCE:-} --apiserver-fqdn=${API_SERVER_NAME:-} --cloud-provider-config=$AZURE_JSON_PATH"
[Install]
WantedBy=kubelet.service
CONF
    systemctlEnableAndStartNoBlock secure-tls-bootstrap 30 || exit "$ERR_SECURE_TLS_BOOTSTRAP_START_FAILURE"
}

# Adds the addresses by which the cluster knows the node.
setKubeletNodeIPFlag() {
    local addresses
    addresses=$(jq -r '[.network.interface[0] | .ipv4.ipAddress[0].privateIpAddress, .ipv6.ipAddress[0].privateIpAddress | select(. // "" != "")] | join(",")' \
        "$IMDS_INSTANCE_METADATA_CACHE_FILE")
    if [ -n "$addresses" ]; then
        _remove_flags --node-ip
        KUBELET_FLAGS+=" --node-ip=$addresses"
    else
        echo "the machine's metadata tells no address, kubelet finds its own"
    fi
}

# Configures kubelet and starts it, and then what measures how long its bootstrapping takes. Does not wait
# until it has started. The measurement counts from a file that is written right before: whoever starts
# first, the start is known.
ensureKubelet() {
    local address
    if semverCompare "${KUBERNETES_VERSION#v}" 1.29.0; then
        logs_to_events "AKS.CSE.ensureKubelet.setKubeletNodeIPFlag" setKubeletNodeIPFlag
    fi
    if semverCompare "${KUBERNETES_VERSION#v}" 1.32.0; then
        _write_file "$KUBELET_DROP_IN_DIR/10-watchdog.conf" 0600 <<<$'[Service]\nWatchdogSec=60s' || exit "$ERR_KUBELET_START_FAIL"
    fi
    _write_kubelet_environment && _write_kubelet_credentials && _write_kubelet_firewall || exit "$ERR_KUBELET_START_FAIL"

    address=$(logs_to_events "AKS.CSE.ensureKubelet.getPrimaryNicIP" getPrimaryNicIP)
    _kubelet_drop_in 10-ensure-imds-restriction.conf "PRIMARY_NIC_IP=$address" "ENABLE_IMDS_RESTRICTION=${ENABLE_IMDS_RESTRICTION:-false}" \
        "INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE=${INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE:-false}" || exit "$ERR_KUBELET_START_FAIL"

    if [[ ${KUBELET_FLAGS:-} == *image-credential-provider-config* && ${KUBELET_FLAGS:-} == *image-credential-provider-bin-dir* ]]; then
        logs_to_events "AKS.CSE.ensureKubelet.configCredentialProvider" configCredentialProvider
        configureCredentialProvider
    fi
    if [ -n "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]; then
        logs_to_events "AKS.CSE.ensureKubelet.ensurePodInfraContainerImage" ensurePodInfraContainerImage
    fi

    _write_tls_bootstrap_start_time
    if ! systemctlEnableAndStartNoBlock kubelet 240; then
        rm -f "$TLS_BOOTSTRAP_START_TIME_FILE"
        timeout 25 journalctl -u kubelet.service --no-pager || :
        exit "$ERR_KUBELET_START_FAIL"
    fi
    if _bootstraps_with_token && ! systemctlEnableAndStartNoBlock measure-tls-bootstrapping-latency 30; then
        rm -f "$TLS_BOOTSTRAP_START_TIME_FILE"
        echo "failed to start measure-tls-bootstrapping-latency.service"
    fi
}

# Succeeds where kubelet has to ask the cluster for its certificate, which is what is measured.
_bootstraps_with_token() {
    [ -n "${TLS_BOOTSTRAP_TOKEN:+set}" ] # a trace of this shows no token
}

_write_tls_bootstrap_start_time() {
    local now=${EPOCHREALTIME//[!0-9]/}
    if _bootstraps_with_token; then
        _time_of_event now "$now"
        _write_file "$TLS_BOOTSTRAP_START_TIME_FILE" <<<"$now"
    fi
}

_write_kubelet_environment() {
    {
        printf 'KUBELET_FLAGS=%s\n' "${KUBELET_FLAGS:-}"
        echo KUBELET_REGISTER_SCHEDULABLE=true
        printf 'NETWORK_POLICY=%s\n' "${NETWORK_POLICY:-}"
        printf 'KUBELET_IMAGE=%s\n' "${KUBELET_IMAGE:-}"
        printf 'KUBELET_NODE_LABELS=%s\n' "${KUBELET_NODE_LABELS:-}"
        if [ -n "${AZURE_ENVIRONMENT_FILEPATH:-}" ]; then
            printf 'AZURE_ENVIRONMENT_FILEPATH=%s\n' "$AZURE_ENVIRONMENT_FILEPATH"
        fi
    } | _write_file /etc/default/kubelet 0600
}

# Lets kubelet show who it is: by the token that it bootstraps with, or by the certificate that was given.
_write_kubelet_credentials() {
    local -
    set +x # the token
    if [ ! -d "$KUBELET_DIR" ] && ! mkdir -m 0750 "$KUBELET_DIR"; then
        return 1
    fi
    if _bootstraps_with_token; then
        echo "using bootstrap token to generate a bootstrap-kubeconfig"
        _kubelet_drop_in 10-credential-validation.conf "CREDENTIAL_VALIDATION_KUBE_CA_FILE=$KUBE_CA_FILE" \
            "CREDENTIAL_VALIDATION_APISERVER_URL=https://${API_SERVER_NAME:-}:443" || return 1
        _kubelet_drop_in 10-tlsbootstrap.conf \
            "KUBELET_TLS_BOOTSTRAP_FLAGS=--kubeconfig $KUBELET_DIR/kubeconfig --bootstrap-kubeconfig $KUBELET_DIR/bootstrap-kubeconfig" || return 1
        _kubeconfig "    token: \"$TLS_BOOTSTRAP_TOKEN\"" | _write_file "$KUBELET_DIR/bootstrap-kubeconfig" 0644
    else
        echo "generating kubeconfig referencing the provided kubelet client certificate"
        _kubelet_drop_in 10-tlsbootstrap.conf "KUBELET_TLS_BOOTSTRAP_FLAGS=--kubeconfig $KUBELET_DIR/kubeconfig" || return 1
        _kubeconfig $'    client-certificate: '"$CERTIFICATES_DIR/client.crt"$'\n    client-key: '"$CERTIFICATES_DIR/client.key" |
            _write_file "$KUBELET_DIR/kubeconfig" 0644
    fi
}

# (what the user shows)
_kubeconfig() {
    cat <<CONF
apiVersion: v1
kind: Config
clusters:
- name: localcluster
  cluster:
    certificate-authority: $KUBE_CA_FILE
    server: https://${API_SERVER_NAME:-}:443
users:
- name: client
  user:
$1
contexts:
- name: localclustercontext
  context:
    cluster: localcluster
    user: client
current-context: localclustercontext
CONF
}

# Before kubelet starts, containers are kept from the machine's own agents at the cloud's address.
_write_kubelet_firewall() {
    _write_file /opt/azure/containers/kubelet.sh 0755 <<'SCRIPT'
#!/bin/bash
# Keeps containers from the cloud's agent: 80 gives out certificates, 32526 what the machine is configured with.
for port in 80 32526; do
    rule=(FORWARD -d 168.63.129.16 -p tcp --dport "$port" -j DROP)
    iptables -w 10 -C "${rule[@]}" 2>/dev/null || iptables -w 10 -I "${rule[@]}"
done
SCRIPT
}

# Tells kubelet for which registries it asks the credential provider.
configCredentialProvider() {
    local mirror=''
    if [ -n "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]; then
        mirror="      - --registry-mirror=mcr.microsoft.com:${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER%%/*}"$'\n'
    fi
    _write_file "$CREDENTIAL_PROVIDER_CONFIG_FILE" <<CONF
apiVersion: kubelet.config.k8s.io/v1
kind: CredentialProviderConfig
providers:
  - name: acr-credential-provider
    matchImages:
      - "*.azurecr.io"
      - "*.azurecr.cn"
      - "*.azurecr.us"
    defaultCacheDuration: "10m"
    apiVersion: credentialprovider.kubelet.k8s.io/v1
    args:
      - $AZURE_JSON_PATH
$mirror
CONF
}

# --- Services beside kubelet ----------------------------------------------------------------------

# Keeps a network that hears its own packets from answering twice.
ensureNoDupOnPromiscuBridge() {
    systemctlEnableAndStart ensure-no-dup 30 || exit "$ERR_SYSTEMCTL_START_FAIL"
}

ensureSnapshotUpdate() {
    systemctlEnableAndStart snapshot-update.timer 30 || exit "$ERR_SNAPSHOT_UPDATE_START_FAIL"
}

generateLocalDNSFiles() {
    _write_decoded "${LOCALDNS_GENERATED_COREFILE:-}" "$LOCALDNS_CORE_FILE" || exit "$ERR_LOCALDNS_FAIL"
    _write_file /etc/localdns/environment <<<"LOCALDNS_BASE64_ENCODED_COREFILE=${LOCALDNS_GENERATED_COREFILE:-}" || exit "$ERR_LOCALDNS_FAIL"
    _write_file "$LOCALDNS_SLICE_FILE" <<CONF || exit "$ERR_LOCALDNS_FAIL"
[Unit]
Description=What the node's own name server may use
[Slice]
MemoryMax=${LOCALDNS_MEMORY_LIMIT:-128M}
CPUQuota=${LOCALDNS_CPU_LIMIT:-200.0%}
CONF
}

# Has the node ask a name server of its own.
enableLocalDNS() {
    generateLocalDNSFiles
    echo "localdns should be enabled."
    systemctlEnableAndStart localdns 30 || exit "$ERR_LOCALDNS_FAIL"
    echo "Enable localdns succeeded."
}

configureNodeExporter() {
    echo "Configuring Node Exporter"
    if [ ! -e /etc/node-exporter.d/skip_vhd_node_exporter ]; then
        echo "Node Exporter assets not found on this image, nothing to configure"
        return 0
    fi
    systemctlEnableAndStart node-exporter 30 && systemctlEnableAndStart node-exporter-restart.path 30 || return "$ERR_NODE_EXPORTER_START_FAIL"
}

# --- Graphics processors --------------------------------------------------------------------------

# Installs the drivers, or looks whether those of the image work.
ensureGPUDrivers() {
    if [ "$(getCPUArch)" = arm64 ]; then
        echo "there are no drivers of graphics processors for arm64"
        return 0
    fi
    if [ "${CONFIG_GPU_DRIVER_IF_NEEDED:-}" = true ]; then
        logs_to_events "AKS.CSE.ensureGPUDrivers.configGPUDrivers" configGPUDrivers
    else
        logs_to_events "AKS.CSE.ensureGPUDrivers.validateGPUDrivers" validateGPUDrivers
    fi
    if [ "${ENABLE_GPU_DEVICE_PLUGIN_IF_NEEDED:-}" = true ]; then
        systemctlEnableAndStart nvidia-device-plugin 30 || exit "$ERR_GPU_DRIVERS_START_FAIL"
    fi
    if isUbuntu; then
        systemctlEnableAndStart nvidia-modprobe 30 || exit "$ERR_GPU_DRIVERS_START_FAIL"
    fi
}

configGPUDrivers() {
    local image=mcr.microsoft.com/aks/aks-gpu-${GPU_DRIVER_TYPE:-cuda}:${GPU_DRIVER_VERSION:-}-${GPU_IMAGE_SHA:-}
    if isUbuntu; then
        waitForContainerdReady || exit "$ERR_GPU_DRIVERS_START_FAIL"
        mkdir -p /opt/{actions,gpu}
        retrycmd_if_failure 5 10 600 ctr -n k8s.io image pull "$image" &&
            retrycmd_if_failure 5 10 600 ctr -n k8s.io run --privileged --rm --net-host --with-ns pid:/proc/1/ns/pid \
                --mount type=bind,src=/opt/gpu,dst=/mnt/gpu,options=rbind --mount type=bind,src=/opt/actions,dst=/mnt/actions,options=rbind \
                "$image" gpuinstall /entrypoint.sh install || exit "$ERR_GPU_DRIVERS_START_FAIL"
        retrycmd_if_failure 3 5 60 ctr -n k8s.io images rm --sync "$image" || echo "the image of the drivers stays, it could not be removed"
    elif declare -F downloadGPUDrivers >/dev/null; then
        downloadGPUDrivers
        installNvidiaContainerToolkit
        enableNvidiaPersistenceMode
    else
        echo "there is no way to install drivers of graphics processors on this system"
        exit "$ERR_GPU_DRIVERS_START_FAIL"
    fi
    validateGPUDrivers
    timeout 60 ldconfig || :
    systemctlEnableAndStart containerd 30 || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
    timeout 30 systemctl restart node-problem-detector || :
}

validateGPUDrivers() {
    retrycmd_if_failure 24 5 25 nvidia-modprobe -u -c0 || exit "$ERR_GPU_DRIVERS_START_FAIL"
    retrycmd_if_failure 24 5 30 nvidia-smi || exit "$ERR_GPU_DRIVERS_START_FAIL"
}

# Lets one processor be several.
ensureMigPartition() {
    _write_file /etc/systemd/system/mig-partition.service.d/10-mig-profile.conf 0600 <<CONF || exit "$ERR_GPU_DRIVERS_START_FAIL"
[Service]
Environment="GPU_INSTANCE_PROFILE=${GPU_INSTANCE_PROFILE:-}"
CONF
    systemctlEnableAndStart mig-partition 300 || exit "$ERR_GPU_DRIVERS_START_FAIL"
}

# Starts what the cluster manages of the graphics processors where a tag of the machine asks for it.
configureManagedGPUExperience() {
    local wanted service
    wanted=$(should_enable_managed_gpu_experience) || exit "$ERR_LOOKUP_ENABLE_MANAGED_GPU_EXPERIENCE_TAG"
    for service in nvidia-device-plugin nvidia-dcgm nvidia-dcgm-exporter; do
        if [ "$wanted" = true ]; then
            systemctlEnableAndStart "$service" 30 || return 1
        elif [ "$service" != nvidia-device-plugin ] || [ "${ENABLE_GPU_DEVICE_PLUGIN_IF_NEEDED:-}" != true ]; then
            systemctlDisableAndStop "$service"
        fi
    done
}

# Succeeds on a machine with an accelerator for media.
isAmdAmaEnabledNode() {
    [ "$(jq -r '.compute.vmSize // empty' "$IMDS_INSTANCE_METADATA_CACHE_FILE")" = Standard_NM16ads_MA35D ]
}

setupAmdAma() {
    if ! declare -F dnf_install >/dev/null; then
        echo "there are no drivers of the accelerator for this system"
        return 0
    fi
    dnf_install 30 1 600 amd-ama-driver amd-ama-core || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
    retrycmd_if_failure 5 5 60 modprobe ama_transcoder || exit "$ERR_MODPROBE_FAIL"
}

# --- Updates ------------------------------------------------------------------------------------

# Lets the machine update itself at night.
enableUnattendedUpgrades() {
    if isUbuntu; then
        _write_file /etc/apt/apt.conf.d/99periodic <<'CONF'
APT::Periodic::Update-Package-Lists "1";
APT::Periodic::Unattended-Upgrade "1";
CONF
        retrycmd_if_failure 3 2 25 systemctl unmask apt-daily.service apt-daily-upgrade.service &&
            retrycmd_if_failure 3 2 25 systemctl enable --now apt-daily.timer apt-daily-upgrade.timer
    else
        timeout 25 systemctl disable --now dnf-automatic-notifyonly.timer || echo "dnf-automatic-notifyonly.timer could not be disabled"
        systemctlEnableAndStart dnf-automatic-install.timer 30
    fi
}

# --- Where Kubernetes' programs come from ---------------------------------------------------------

# Succeeds where Kubernetes' programs come from a URL, whatever URLs are set: before 1.34 there are no
# packages of them, nor are there for Azure Linux 2.0. Packages that are enforced are always tried.
_programs_come_from_url() {
    if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
        return 1
    fi
    if ! isFlatcar && ! isACL && ! semverCompare "${KUBERNETES_VERSION#v}" 1.34.0; then
        return 0
    fi
    isMarinerOrAzureLinux && [ "$OS_VERSION" = 2.0 ] && [ -z "${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}" ]
}

# Succeeds where somebody has set a URL for kubelet and kubectl, which packages that are enforced overrule.
_url_is_asked_for() {
    local -
    set +x # a URL's query may hold a key
    readKubeBinaryURLs
    [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" != true ] && [ -n "$CUSTOM_KUBE_BINARY_DOWNLOAD_URL$PRIVATE_KUBE_BINARY_DOWNLOAD_URL" ]
}

# Installs kubelet and kubectl of KUBERNETES_VERSION from a URL, the registry of the cluster, or packages.
configureKubeletAndKubectl() {
    local event=AKS.CSE.configureKubeletAndKubectl registry=${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}
    if _url_is_asked_for || _programs_come_from_url; then
        logs_to_events "$event.installKubeletKubectlFromURL" installKubeletKubectlFromURL
    elif [ -n "$registry" ]; then
        logs_to_events "$event.installKubeletKubectlFromBootstrapProfileRegistry" \
            installKubeletKubectlFromBootstrapProfileRegistry "$registry" "$KUBERNETES_VERSION"
    elif declare -F installKubeletKubectlFromPkg >/dev/null; then
        logs_to_events "$event.installKubeletKubectlFromPkg" installKubeletKubectlFromPkg "$KUBERNETES_VERSION"
    else
        echo "installKubeletKubectlFromPkg is not defined for this OS"
        exit "$ERR_K8S_INSTALL_ERR"
    fi
}

# Installs the credential provider that fits KUBERNETES_VERSION from where kubelet and kubectl come
# from by default: nobody's URL for those says anything of the provider.
configureCredentialProvider() {
    local event=AKS.CSE.ensureKubelet registry=${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}
    if _programs_come_from_url; then
        logs_to_events "$event.installCredentialProviderFromUrl" installCredentialProviderFromUrl || exit
    elif [ -n "$registry" ]; then
        logs_to_events "$event.installCredentialProviderFromBootstrapProfileRegistry" \
            installCredentialProviderPackageFromBootstrapProfileRegistry "$registry" "$KUBERNETES_VERSION" || exit
    elif declare -F installCredentialProviderFromPkg >/dev/null; then
        logs_to_events "$event.installCredentialProviderFromPkg" installCredentialProviderFromPkg "$KUBERNETES_VERSION" || exit
    else
        echo "installCredentialProviderFromPkg is not defined for this OS"
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    fi
}
