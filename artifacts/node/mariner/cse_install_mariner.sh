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
