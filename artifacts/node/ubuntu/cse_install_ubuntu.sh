#!/bin/bash
# Installing on Ubuntu, from Debian packages. kubelet, kubectl and the credential provider are taken
# out of their packages: no package manager installs them, so none of their maintainer scripts runs.
# Needs cse_helpers.sh, cse_install.sh and cse_helpers_ubuntu.sh when its functions are called.
# shellcheck disable=SC2034  # read by cse_install.sh

PACKAGE_KIND=deb
PACKAGE_EXTRACTOR=extractDebBinaryFromFile

# (Kubernetes version)
installKubeletKubectlFromPkg() {
    installKubernetesTools installPkgWithAptGet "$1"
}

# (Kubernetes version)
installCredentialProviderFromPkg() {
    installCredentialProvider installPkgWithAptGet "$1"
}

# (package, version, target = /opt/bin/<package>)
installPkgWithAptGet() {
    installProgramFromPackage "$1" "$2" "${3:-/opt/bin/$1}"
}

# (variable, file, package): sets it to the version in the name of a package. Fails when that is another
# package or for another machine. A name is kubelet_1.34.1-ubuntu22.04u1_amd64.deb.
debFileVersion() {
    setCPUArch
    [[ ${2##*/} =~ ^"$3"_(.+)_("$CPU_ARCH"|all)\.deb$ ]] && printf -v "$1" '%s' "${BASH_REMATCH[1]//%3[aA]/:}"
}

# (package): prints each version that the sources have of it for this machine, one a line.
listPackageVersions() {
    local name version architecture rest
    setCPUArch
    # kubelet/jammy 1.34.1-ubuntu22.04u1 amd64 [upgradable from: ...]
    apt list "$1" --all-versions | while read -r name version architecture rest; do
        if [ "${name%%/*}" = "$1" ] && [[ $architecture =~ ^($CPU_ARCH|all|)$ ]]; then
            printf '%s\n' "$version"
        fi
    done
}

# (deb, package, target = /opt/bin/<package>): puts usr/bin/<package> of a package at the target. The
# program must be of the version that the package's file name tells.
extractDebBinaryFromFile() {
    local deb=$1 package=$2 target=${3:-/opt/bin/$2} version='' stage='' status=0
    if [[ ${deb##*/} =~ ^"$package"_([^_]+)_[^_]+\.deb$ ]]; then
        version=${BASH_REMATCH[1]}
    fi
    _make_staging_dir stage "$target" && dpkg-deb -x "$deb" "$stage" &&
        _install_extracted_binary "$stage" "usr/bin/$package" "$package" "$version" "$target" "$deb" || status=1
    rm -rf "$stage"
    return "$status"
}

# (package, version, directory)
fetchPackage() {
    logs_to_events "AKS.CSE.install${1}FromPkg.downloadPkgFromVersion" downloadPkgFromVersion "$@"
}

# (package, version, directory = /opt/<package>/downloads): downloads a package and links it there.
downloadPkgFromVersion() {
    local package=$1 version=$2 directory=${3:-$(getPackageDownloadDir "$1")} deb stage='' status=0
    apt_get_download 20 30 "$package=$version" || exit "$ERR_APT_INSTALL_TIMEOUT"
    deb=$(findPackageFile "$package" "$version" "$APT_CACHE_DIR")
    if [ -z "$deb" ]; then
        echo "Failed to locate $package deb of version $version in $APT_CACHE_DIR"
        exit "$ERR_APT_INSTALL_TIMEOUT"
    fi
    # Beside the directory, which another install may remove: the second try is for that moment.
    _make_staging_dir stage "$directory" && _link_or_copy "$deb" "$stage/deb" && {
        _put_into_directory "$stage/deb" "$directory" "${deb##*/}" || _put_into_directory "$stage/deb" "$directory" "${deb##*/}"
    } || status=$ERR_APT_INSTALL_TIMEOUT
    rm -rf "$stage"
    if [ "$status" -ne 0 ]; then
        exit "$status"
    fi
    echo "Succeeded to download $package version $version"
}

# (version): updates the list of Microsoft's packages, and for a pre-release (~) of its testing
# packages where the machine has them.
updatePMCRepository() {
    local source
    source=$(_pmc_source microsoft-prod)
    if [ -z "$source" ]; then
        echo "Neither microsoft-prod.list nor microsoft-prod.sources is in /etc/apt/sources.list.d"
        exit "$ERR_APT_UPDATE_TIMEOUT"
    fi
    _update_apt_source "$source"
    source=$(_pmc_source microsoft-prod-testing)
    if [[ $1 == *\~* && -n $source ]]; then
        _update_apt_source "$source"
    fi
}

# (name): prints the path of the source of that name, in either form, or nothing.
_pmc_source() {
    local file
    for file in "/etc/apt/sources.list.d/$1.list" "/etc/apt/sources.list.d/$1.sources"; do
        if [ -f "$file" ]; then
            printf '%s\n' "$file"
            return
        fi
    done
}

# (file): updates the list of this source and leaves those of the others.
_update_apt_source() {
    apt_get_update_with_opts -o "Dir::Etc::sourcelist=$1" -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0 ||
        exit "$ERR_APT_UPDATE_TIMEOUT"
}

# (hold or unhold): keeps the Azure agent's package from being upgraded, or no longer.
aptmarkWALinuxAgent() {
    if ! retrycmd_if_failure 120 5 25 apt-mark "$1" walinuxagent; then
        if [ "$1" = hold ]; then
            exit "$ERR_HOLD_WALINUXAGENT"
        fi
        exit "$ERR_RELEASE_HOLD_WALINUXAGENT"
    fi
}

# Installs what provisioning and a node take beside containerd and Kubernetes, where the image carries nothing.
installDeps() {
    apt_get_update_with_opts -q || exit "$ERR_APT_UPDATE_TIMEOUT"
    apt_get_install 10 5 600 apt-transport-https blobfuse2 ca-certificates ceph-common cifs-utils conntrack ebtables ethtool glusterfs-client \
        htop init-system-helpers inotify-tools iotop iproute2 ipset iptables jq nfs-common pigz socat sysfsutils sysstat util-linux xz-utils zip ||
        exit "$ERR_APT_INSTALL_TIMEOUT"
}

# (version, URL of its package): installs containerd from that package, or that version from the sources.
installStandaloneContainerd() {
    local version=$1 url=$2 stage='' installed status=0
    if [ -n "$url" ]; then
        _make_staging_dir stage /opt/containerd/download && retrycmd_if_failure 10 5 60 curl -fsSL "$url" -o "$stage/containerd.deb" &&
            apt_get_install 10 5 600 "$stage/containerd.deb" || status=1
        rm -rf "$stage"
    elif [ -z "$version" ]; then
        echo "no version of containerd is known that could be installed"
        status=1
    else
        installed=$(dpkg-query -W -f '${Version}' moby-containerd 2>/dev/null || :)
        if _version_matches "${installed:-none}" "$version"; then
            echo "containerd $installed is already installed"
        else
            apt_get_install 10 5 600 "moby-containerd=$version*" || status=1
        fi
    fi
    if [ "$status" -ne 0 ]; then
        exit "$ERR_CONTAINERD_INSTALL_TIMEOUT"
    fi
}

# Installs what lets several graphics processors speak with each other, of the version of their drivers.
installNvidiaFabricManager() {
    apt_get_install 10 5 600 "nvidia-fabricmanager-${GPU_DRIVER_VERSION%%.*}" || exit "$ERR_GPU_DRIVERS_INSTALL_TIMEOUT"
}
