#!/bin/bash
# Installing on Azure Linux OS Guard, from RPM packages. The system is read-only and verified: what an
# image lacks cannot be installed later, but the programs below. Needs cse_helpers.sh, cse_install.sh
# and cse_helpers_osguard.sh when its functions are called.
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

# (package, version, target = /opt/bin/<package>): only packages of which one program is all that a
# node needs.
installRPMPackageFromFile() {
    echo "installing $1 version $2 by manually unpacking the RPM"
    case $1 in
        kubelet | kubectl | azure-acr-credential-provider) ;;
        *)
            echo "Error: Unsupported package $1: only kubelet, kubectl and azure-acr-credential-provider can be installed"
            exit 1
            ;;
    esac
    installProgramFromPackage "$1" "$2" "${3:-/opt/bin/$1}"
}

# (package): prints each version that the repositories have of it for this machine, one a line.
listPackageVersions() {
    timeout 300 tdnf list "$1" | rpmVersionsListed "$1"
}

# (package, version, directory)
fetchPackage() {
    downloadPkgFromVersion "$@"
}

# (package, version, directory = /opt/<package>/downloads): downloads a package into the directory.
downloadPkgFromVersion() {
    downloadRpms tdnf_download "$1=$2" "${3:-$(getPackageDownloadDir "$1")}" || exit "$ERR_APT_INSTALL_TIMEOUT"
    echo "Succeeded to download $1 version $2"
}

# What the image already has, or cannot have, so that there is nothing to do.

installDeps() {
    echo "installDeps stub"
}

installCriCtlPackage() {
    echo "installCriCtlPackage stub"
}

installStandaloneContainerd() {
    echo "installStandaloneContainerd stub"
}

ensureRunc() {
    echo "ensureRunc stub"
}

removeNvidiaRepos() {
    echo "removeNvidiaRepos stub"
}

cleanUpGPUDrivers() {
    echo "cleanUpGPUDrivers stub"
}

# Fails, so that what a registry lacks for this system comes from elsewhere.
installToolFromLocalRepo() {
    echo "installToolFromLocalRepo stub"
    return 1
}
