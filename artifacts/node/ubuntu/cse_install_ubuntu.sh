#!/bin/bash
# Installing on Ubuntu, from Debian packages. kubelet, kubectl and the credential provider are taken
# out of their packages: no package manager installs them, so none of their maintainer scripts runs.
# Needs cse_helpers.sh, cse_install.sh and cse_helpers_ubuntu.sh when its functions are called.

# (Kubernetes version)
installKubeletKubectlFromPkg() {
    local version=$1
    installPkgWithAptGet kubelet "$version" /opt/bin/kubelet || exit "$ERR_KUBELET_INSTALL_FAIL"
    installPkgWithAptGet kubectl "$version" /opt/bin/kubectl || exit "$ERR_KUBECTL_INSTALL_FAIL"
}

# (package, version, target = /opt/bin/<package>): installs the program of a package: from the
# image's versioned program, else from a cached package, else from a package that it downloads.
# Others may install the same at the same time and take away what it found: then it looks again.
installPkgWithAptGet() {
    local package=$1 version=$2 target=${3:-/opt/bin/$1} downloads=/opt/$1/downloads deb full_version
    if fallbackToKubeBinaryInstall "$package" "$version" "$target"; then
        echo "Successfully installed $package version $version from binary fallback"
        rm -rf "$downloads"
        return 0
    fi

    deb=$(findDeb "$package" "$version" "$downloads")
    if [ -z "$deb" ]; then
        if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" != true ] && _is_installed "$package" "$version" "$target"; then
            echo "$package version $version is already installed"
            return 0
        fi
        updatePMCRepository "$version"
        full_version=$(listDebVersions "$package" | latestMatchingVersion "$version" || :)
        if [ -z "$full_version" ]; then
            echo "Failed to find valid $package version for $version"
            return 1
        fi
        echo "Did not find cached deb file, downloading $package version $full_version"
        logs_to_events "AKS.CSE.install${package}FromPkg.downloadPkgFromVersion" downloadPkgFromVersion "$package" "$full_version" "$downloads"
        deb=$(findDeb "$package" "$full_version" "$downloads" "$APT_CACHE_DIR")
        if [ -z "$deb" ]; then
            echo "Failed to locate $package deb"
            return 1
        fi
    fi

    if ! logs_to_events "AKS.CSE.install${package}.extractDebBinaryFromFile" extractDebBinaryFromFile "$deb" "$package" "$target"; then
        if [ -e "$deb" ]; then
            return 1
        fi
        installPkgWithAptGet "$package" "$version" "$target"
        return
    fi
    _remove_versioned_binaries "$package"
    rm -rf "$downloads"
}

# (package, version, directory...): prints the path of the highest package of that version, for this
# machine, in the first directory that has one.
findDeb() {
    local package=$1 version=$2 directory deb name architecture found
    shift 2
    architecture=$(getCPUArch)
    for directory; do
        found=$(for deb in "$directory/${package}_"*.deb; do
            name=${deb##*/"${package}_"} # <version>_<architecture>.deb
            if [[ -f $deb && $name =~ _($architecture|all)\.deb$ ]]; then
                name=${name%_*}
                printf '%s\n' "${name//%3[aA]/:} $deb"
            fi
        done | latestMatchingVersion "$version")
        if [ -n "$found" ]; then
            printf '%s\n' "${found#* }"
            return
        fi
    done
}

# (package): prints each version that the sources have of it for this machine, one a line.
listDebVersions() {
    local name version architecture rest wanted
    wanted=$(getCPUArch)
    # kubelet/jammy 1.34.1-ubuntu22.04u1 amd64 [upgradable from: ...]
    apt list "$1" --all-versions | while read -r name version architecture rest; do
        if [ "${name%%/*}" = "$1" ] && [[ $architecture =~ ^($wanted|all|)$ ]]; then
            printf '%s\n' "$version"
        fi
    done
}

# (deb, package, target = /opt/bin/<package>): puts usr/bin/<package> of a package at the target. The
# program must be of the version that the package's file name tells.
extractDebBinaryFromFile() {
    local deb=$1 package=$2 target=${3:-/opt/bin/$2} version='' stage status=0
    if [[ ${deb##*/} =~ ^"$package"_([^_]+)_[^_]+\.deb$ ]]; then
        version=${BASH_REMATCH[1]}
    fi
    stage=$(_make_staging_dir "$target") && dpkg-deb -x "$deb" "$stage" &&
        _install_extracted_binary "$stage" "usr/bin/$package" "$package" "$version" "$target" "$deb" || status=1
    rm -rf "$stage"
    return "$status"
}

# (package, version, directory = /opt/<package>/downloads): downloads a package and links it there.
downloadPkgFromVersion() {
    local package=$1 version=$2 directory=${3:-/opt/$1/downloads} deb stage status=0
    apt_get_download 20 30 "$package=$version" || exit "$ERR_APT_INSTALL_TIMEOUT"
    deb=$(findDeb "$package" "$version" "$APT_CACHE_DIR")
    # Beside the directory, which another install may remove: the second try is for that moment.
    stage=$(_make_staging_dir "$directory") && _link_or_copy "$deb" "$stage/deb" && {
        _put_into_directory "$stage/deb" "$directory" "${deb##*/}" || _put_into_directory "$stage/deb" "$directory" "${deb##*/}"
    } || status=$ERR_APT_INSTALL_TIMEOUT
    rm -rf "$stage"
    if [ "$status" -ne 0 ]; then
        exit "$status"
    fi
    echo "Succeeded to download $package version $version"
}

# (file, directory, name)
_put_into_directory() {
    mkdir -p "$2" && _put_in_place "$1" "$2/$3"
}

# (tool, directory, version, target): installs a tool from the packages in a directory.
installToolFromLocalRepo() {
    local tool=$1 directory=$2 version=$3 target=$4 deb
    deb=$(findDeb "$tool" "$version" "$directory")
    if [ -z "$deb" ]; then
        echo "Failed to locate $tool deb"
        return 1
    fi
    extractDebBinaryFromFile "$deb" "$tool" "$target"
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

# (Kubernetes version): sets CREDENTIAL_PROVIDER_VERSION for this release of Ubuntu.
selectCredentialProviderForUbuntu() {
    if [ -n "$UBUNTU_RELEASE" ]; then
        selectCredentialProviderVersion "$1" "$UBUNTU_OS_NAME" "$UBUNTU_RELEASE"
    else
        selectCredentialProviderVersion "$1" "$OS" current
    fi
}

makeCredentialProviderDir() {
    mkdir -p "$CREDENTIAL_PROVIDER_BIN_DIR"
    chown -R root:root "$CREDENTIAL_PROVIDER_BIN_DIR"
}

# (Kubernetes version)
installCredentialProviderFromPkg() {
    selectCredentialProviderForUbuntu "$1"
    echo "installing azure-acr-credential-provider package version: $CREDENTIAL_PROVIDER_VERSION"
    if [ -z "$CREDENTIAL_PROVIDER_VERSION" ]; then
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    fi
    makeCredentialProviderDir
    installPkgWithAptGet azure-acr-credential-provider "$CREDENTIAL_PROVIDER_VERSION" "$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider" ||
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
}

# (registry, Kubernetes version)
installCredentialProviderPackageFromBootstrapProfileRegistry() {
    selectCredentialProviderForUbuntu "$2"
    if [ -z "$CREDENTIAL_PROVIDER_VERSION" ]; then
        CREDENTIAL_PROVIDER_VERSION=$(credentialProviderUrlVersion)
    fi
    if [ -z "$CREDENTIAL_PROVIDER_VERSION" ]; then
        echo "Failed to determine the version of azure-acr-credential-provider for Kubernetes $2"
        return "$ERR_ORAS_PULL_CREDENTIAL_PROVIDER"
    fi
    makeCredentialProviderDir
    if installToolFromBootstrapProfileRegistry azure-acr-credential-provider "$1" "$CREDENTIAL_PROVIDER_VERSION" \
        "$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider"; then
        return 0
    fi
    if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
        echo "Kube PMC install is enforced, not installing the credential provider from url"
        exit "$ERR_ORAS_PULL_CREDENTIAL_PROVIDER"
    fi
    echo "Fall back to install credential provider from url installation"
    installCredentialProviderFromUrl
}

# Removes what an image carries for GPUs, on a node that has none.
cleanUpGPUDrivers() {
    local package
    rm -rf "$GPU_DEST" /opt/gpu
    for package in nvidia-device-plugin datacenter-gpu-manager-4-core datacenter-gpu-manager-4-proprietary dcgm-exporter; do
        rm -rf "/opt/$package"
    done
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
