#!/bin/bash
# Configuring a node: which source its programs come from. Needs cse_helpers.sh, cse_install.sh and
# the distribution's scripts when its functions are called.

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
