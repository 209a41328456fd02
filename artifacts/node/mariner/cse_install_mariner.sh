#!/bin/bash
# Installing on Mariner and Azure Linux, from RPM packages. Needs cse_helpers.sh, cse_install.sh and
# cse_helpers_mariner.sh when its functions are called.
# shellcheck disable=SC2034  # read by cse_install.sh

PACKAGE_KIND=rpm
PACKAGE_EXTRACTOR=extractBinaryFromRPM

# (Kubernetes version)
installKubeletKubectlFromPkg() {
    installKubernetesTools installRPMPackageFromFile "$1"
}

# (Kubernetes version)
installCredentialProviderFromPkg() {
    installCredentialProvider installRPMPackageFromFile "$1"
}

# (package, version, target = /opt/bin/<package>)
installRPMPackageFromFile() {
    echo "installing $1 version $2"
    installProgramFromPackage "$1" "$2" "${3:-/opt/bin/$1}"
}

# (package): prints each version that the repositories have of it for this machine, one a line.
listPackageVersions() {
    timeout 300 dnf list "$1" --showduplicates | rpmVersionsListed "$1"
}

# (package, version, directory)
fetchPackage() {
    downloadPkgFromVersion "$@"
}

# (package, version, directory = <cache>/<package>/downloads): downloads a package into the directory.
downloadPkgFromVersion() {
    downloadRpms dnf_download "$1-$2" "${3:-$(getPackageDownloadDir "$1")}" || exit "$ERR_APT_INSTALL_TIMEOUT"
    echo "Succeeded to download $1 version $2"
}

# (version, URL of its package): installs containerd from that package, or that version from the repositories.
installStandaloneContainerd() {
    local version=$1 wanted=${2:-}
    if [ -z "$wanted" ] && [ -z "$version" ]; then
        echo "no version of containerd is known that could be installed"
        exit "$ERR_CONTAINERD_INSTALL_TIMEOUT"
    fi
    dnf_install 30 1 600 "${wanted:-containerd2-$version}" || exit "$ERR_CONTAINERD_INSTALL_TIMEOUT"
}

# The drivers of graphics processors are built for each kernel.
downloadGPUDrivers() {
    dnf_install 30 1 600 "cuda-*$(uname -r | sed 's/-/./g').*" || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
}

installNvidiaContainerToolkit() {
    dnf_install 30 1 600 nvidia-container-toolkit || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
}

installNvidiaFabricManager() {
    dnf_install 30 1 600 nvidia-fabric-manager || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
}

# Keeps the drivers loaded while nobody uses them.
enableNvidiaPersistenceMode() {
    systemctlEnableAndStart nvidia-persistenced 30 || exit "$ERR_GPU_DRIVERS_START_FAIL"
}
