#!/bin/bash
# Installing on Azure Container Linux, whose /usr is read-only: programs come in system extensions. Needs
# cse_helpers.sh and cse_install.sh when its functions are called.

echo "Sourcing cse_install_distro.sh for ACL"

# (Kubernetes version, registry = mcr.microsoft.com)
installKubeletKubectlFromPkg() {
    installKubeletKubectlFromSysexts "$1" "${2:-mcr.microsoft.com}"
}

# (registry, Kubernetes version)
installKubeletKubectlFromBootstrapProfileRegistry() {
    installKubeletKubectlFromPkg "$2" "$1"
}

# (Kubernetes version, registry = mcr.microsoft.com)
installCredentialProviderFromPkg() {
    installCredentialProviderFromSysext "$1" "${2:-mcr.microsoft.com}"
}

# (registry, Kubernetes version)
installCredentialProviderPackageFromBootstrapProfileRegistry() {
    installCredentialProviderFromPkg "$2" "$1"
}

# Removes what an image carries for GPUs, on a node that has none.
cleanUpGPUDrivers() {
    rm -rf "$GPU_DEST" /opt/gpu
}
