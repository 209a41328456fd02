#!/bin/bash
# Installing what a node runs, as far as it is the same for every distribution: which version of a
# package fits, and what comes from a registry or a URL. Needs cse_helpers.sh when its functions are
# called, not when it is sourced.
# shellcheck disable=SC2034  # constants are read by the scripts that source this file

UBUNTU_RELEASE=
if command -v lsb_release >/dev/null; then
    UBUNTU_RELEASE=$(lsb_release -r -s || :)
fi
CPU_ARCH=
APT_CACHE_DIR=/var/cache/apt/archives
CREDENTIAL_PROVIDER_DOWNLOADS_DIR=/opt/credentialprovider/downloads
CREDENTIAL_PROVIDER_BIN_DIR=/var/lib/kubelet/credential-provider

# Prints the machine's architecture as packages name it: CPU_ARCH where that is set.
getCPUArch() {
    local machine
    machine=$(uname -m)
    machine=${machine/x86_64/amd64}
    printf '%s\n' "${CPU_ARCH:-${machine/aarch64/arm64}}"
}

# (wanted version): reads lines of a version and anything behind it, prints the line with the
# highest version that is the wanted one. Nothing when there is none.
latestMatchingVersion() {
    local version rest
    while read -r version rest; do
        if _version_matches "$version" "$1"; then
            printf '%s\n' "$version${rest:+ $rest}"
        fi
    done | sort -V | tail -n 1
}

# (Kubernetes version, os, os version): sets CREDENTIAL_PROVIDER_VERSION to the version of the
# credential provider's package without its release, or to nothing.
selectCredentialProviderVersion() {
    PACKAGE_VERSION=
    getLatestPkgVersionFromK8sVersion "$1" azure-acr-credential-provider-pmc "$2" "$3" "${OS_VARIANT:-}"
    CREDENTIAL_PROVIDER_VERSION=${PACKAGE_VERSION%%-*}
}

# (Kubernetes version): sets CREDENTIAL_PROVIDER_VERSION for this machine.
selectCredentialProvider() {
    local os=$AZURELINUX_OS_NAME release=${OS_VERSION:-}
    if isUbuntu; then
        os=$UBUNTU_OS_NAME
        release=$UBUNTU_RELEASE
    fi
    if [ -z "$release" ]; then
        os=$OS
        release=current
    fi
    selectCredentialProviderVersion "$1" "$os" "$release"
}

# --- Programs out of packages -------------------------------------------------------------------
# kubelet, kubectl and the credential provider are taken out of their packages: no package manager
# installs them, so none of their scripts runs. A distribution gives PACKAGE_KIND (deb or rpm), what
# extracts it (PACKAGE_EXTRACTOR), listPackageVersions and fetchPackage.

getPackageCacheRoot() {
    printf '%s\n' "${RPM_PACKAGE_CACHE_BASE_DIR:-/opt}"
}

# (package)
getPackageCacheDir() {
    printf '%s/%s\n' "$(getPackageCacheRoot)" "$1"
}

# (package): prints the directory where an image leaves a package, and a download too.
getPackageDownloadDir() {
    printf '%s/downloads\n' "$(getPackageCacheDir "$1")"
}

# (package, version, target, tries = 3): installs the program of a package: from the image's versioned
# program, else from a cached package, else from a package that it downloads. Others may install the
# same at the same time and take away what it found: then it looks again.
installProgramFromPackage() {
    local package=$1 version=$2 target=$3 tries=${4:-3} downloads file full_version
    downloads=$(getPackageDownloadDir "$package")
    if fallbackToKubeBinaryInstall "$package" "$version" "$target"; then
        echo "Successfully installed $package version $version from binary fallback"
        rm -rf "$downloads"
        return 0
    fi

    file=$(findPackageFile "$package" "$version" "$downloads")
    if [ -z "$file" ]; then
        if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" != true ] && _is_installed "$package" "$version" "$target"; then
            echo "$package version $version is already installed"
            return 0
        fi
        # Only apt's lists of packages have to be updated first.
        if declare -F updatePMCRepository >/dev/null; then
            updatePMCRepository "$version"
        fi
        full_version=$(listPackageVersions "$package" | latestMatchingVersion "$version" || :)
        if [ -z "$full_version" ]; then
            echo "Failed to find valid $package version for $version"
            return 1
        fi
        echo "Did not find cached $PACKAGE_KIND file, downloading $package version $full_version"
        fetchPackage "$package" "$full_version" "$downloads"
        # apt keeps a copy of what it downloads, which is there though another install took the other.
        file=$(findPackageFile "$package" "$full_version" "$downloads" "$APT_CACHE_DIR")
    fi

    if [ -n "$file" ] && logs_to_events "AKS.CSE.install${package}.$PACKAGE_EXTRACTOR" "$PACKAGE_EXTRACTOR" "$file" "$package" "$target"; then
        _remove_versioned_binaries "$package"
        rm -rf "$downloads"
    elif [ ! -e "$file" ] && [ "$tries" -gt 1 ]; then
        installProgramFromPackage "$package" "$version" "$target" $((tries - 1))
    else
        if [ -z "$file" ]; then
            echo "Failed to locate $package $PACKAGE_KIND"
        fi
        return 1
    fi
}

# (package, version, directory...): prints the path of the highest package of that version, for this
# machine, in the first directory that has one.
findPackageFile() {
    local package=$1 version=$2 directory file found
    shift 2
    for directory; do
        found=$(for file in "$directory/$package"*".$PACKAGE_KIND"; do
            if [ -f "$file" ]; then
                "${PACKAGE_KIND}FileVersion" "$file" "$package"
            fi
        done | latestMatchingVersion "$version")
        if [ -n "$found" ]; then
            printf '%s\n' "${found#* }"
            return
        fi
    done
}

# (file, directory, name)
_put_into_directory() {
    mkdir -p "$2" && _put_in_place "$1" "$2/$3"
}

# (installer, Kubernetes version)
installKubernetesTools() {
    "$1" kubelet "$2" /opt/bin/kubelet || exit "$ERR_KUBELET_INSTALL_FAIL"
    "$1" kubectl "$2" /opt/bin/kubectl || exit "$ERR_KUBECTL_INSTALL_FAIL"
}

makeCredentialProviderDir() {
    mkdir -p "$CREDENTIAL_PROVIDER_BIN_DIR"
    chown -R root:root "$CREDENTIAL_PROVIDER_BIN_DIR"
}

# (installer, Kubernetes version)
installCredentialProvider() {
    selectCredentialProvider "$2"
    echo "installing azure-acr-credential-provider package version: $CREDENTIAL_PROVIDER_VERSION"
    if [ -z "$CREDENTIAL_PROVIDER_VERSION" ]; then
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    fi
    makeCredentialProviderDir
    "$1" azure-acr-credential-provider "$CREDENTIAL_PROVIDER_VERSION" "$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider" ||
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
}

# (tool, directory, version, target): installs a tool from the packages in a directory.
installToolFromLocalRepo() {
    local tool=$1 directory=$2 version=$3 target=$4 file
    file=$(findPackageFile "$tool" "$version" "$directory")
    if [ -z "$file" ]; then
        echo "Failed to locate $tool $PACKAGE_KIND"
        return 1
    fi
    "$PACKAGE_EXTRACTOR" "$file" "$tool" "$target"
}

# Removes what an image carries for GPUs, on a node that has none.
cleanUpGPUDrivers() {
    local package
    rm -rf "$GPU_DEST" /opt/gpu
    for package in nvidia-device-plugin datacenter-gpu-manager-4-core datacenter-gpu-manager-4-proprietary dcgm-exporter; do
        rm -rf "$(getPackageCacheDir "$package")"
    done
}

# --- RPM packages -------------------------------------------------------------------------------

# (file, package): prints the version in the name of a package for this machine, a blank and the file;
# nothing when it is another package or for another machine. A name is kubelet-1.34.1-1.azl3.x86_64.rpm.
rpmFileVersion() {
    if [[ ${1##*/} =~ ^"$2"-([^-]+-[^-]+)\.([^.-]+)\.rpm$ ]] && _is_rpm_architecture "${BASH_REMATCH[2]}"; then
        printf '%s %s\n' "${BASH_REMATCH[1]//%3[aA]/:}" "$1"
    fi
}

# (architecture as RPM packages name it): succeeds when such packages are for this machine.
_is_rpm_architecture() {
    case $1 in
        noarch) return 0 ;;
        x86_64) [ "$(getCPUArch)" = amd64 ] ;;
        aarch64) [ "$(getCPUArch)" = arm64 ] ;;
        *) return 1 ;;
    esac
}

# (package): reads what dnf or tdnf lists, prints each version of the package for this machine, one a
# line. They break long lines in two, so a version is the word behind kubelet.x86_64.
rpmVersionsListed() {
    local package=$1 index
    local -a words
    read -r -d '' -a words || :
    for index in "${!words[@]}"; do
        if [ "${words[index]%.*}" = "$package" ] && _is_rpm_architecture "${words[index]##*.}"; then
            printf '%s\n' "${words[index + 1]:-}"
        fi
    done
}

# (rpm, package, target = /opt/bin/<package>): puts usr/bin/<package> of a package, or the one in
# usr/local/bin, at the target. The program must be of the version that the package's file name tells.
extractBinaryFromRPM() {
    local rpm=$1 package=$2 target=${3:-/opt/bin/$2} version stage path status=0
    version=$(rpmFileVersion "$rpm" "$package")
    if ! stage=$(_make_staging_dir "$target"); then
        return 1
    fi
    path=usr/bin/$package
    if ! _unpack_rpm "$rpm" "$stage" "$path" "usr/local/bin/$package"; then
        echo "Failed to unpack $rpm"
        status=1
    else
        if [ ! -e "$stage/$path" ] && [ ! -L "$stage/$path" ]; then
            path=usr/local/bin/$package
        fi
        if [ ! -e "$stage/$path" ] && [ ! -L "$stage/$path" ]; then
            echo "Failed to locate $package binary in $rpm"
            status=1
        else
            _install_extracted_binary "$stage" "$path" "$package" "${version%% *}" "$target" "$rpm" || status=1
        fi
    fi
    rm -rf "$stage"
    return "$status"
}

# (rpm, directory, path...): unpacks these files of a package and nothing else. A payload may hold any
# name, ../ and absolute ones too, and any link: cpio makes what it is told by name, and no more.
_unpack_rpm() {
    local rpm=$1 directory=$2
    local -a names
    shift 2
    names=("$@" "${@/#/./}")
    # A payload that breaks off may look whole to cpio, and one that is odd to rpm2cpio: both must agree.
    (set -o pipefail
        rpm2cpio "$rpm" | (cd "$directory" && cpio -id --quiet --no-preserve-owner "${names[@]}"))
}

# (downloader: dnf_download or tdnf_download, what to download, directory): downloads packages and puts
# each into the directory when it is complete, as another install may look for it, or remove the
# directory: the second try is for that moment.
downloadRpms() {
    local downloader=$1 wanted=$2 directory=$3 stage rpm status=0
    stage=$(_make_staging_dir "$directory") && "$downloader" 30 1 600 "$stage" "$wanted" || status=1
    for rpm in "$stage"/*.rpm; do
        if [ "$status" -eq 0 ] && [ -f "$rpm" ]; then
            _put_into_directory "$rpm" "$directory" "${rpm##*/}" || _put_into_directory "$rpm" "$directory" "${rpm##*/}" || status=1
        fi
    done
    rm -rf "$stage"
    return "$status"
}

# (manager: dnf or tdnf, retries, sleep, timeout, words...): runs the package manager until it
# succeeds; between tries it fetches its lists anew.
retryWithMakecache() {
    local manager=$1 retries=$2 wait_sleep=$3 limit=$4 attempt status
    shift 4
    for ((attempt = 1; ; attempt++)); do
        status=0
        _retrycmd_internal 1 0 "$limit" true "$manager" "$@" || status=$?
        if [ "$status" -ne 1 ] || [ "$attempt" -ge "$retries" ]; then
            return "$status"
        fi
        timeout "$limit" "$manager" makecache || :
        sleep "$wait_sleep"
    done
}

# --- From a registry or a URL -------------------------------------------------------------------

# (tool, registry, version, install path): installs a tool from its package in the registry of the
# cluster, by means of the distribution's installToolFromLocalRepo.
installToolFromBootstrapProfileRegistry() {
    local tool=$1 registry=$2 version=$3 install_path=$4 directory=/tmp/kubernetes/downloads/$1 tag status=0
    tag=v${version#v}
    if [ -z "${OS_VERSION:-}" ]; then
        echo "OS_VERSION is not set"
        return 1
    fi
    # Tags may not hold a ~. An artifact's platform names the distribution as its os version.
    if ! retrycmd_pull_from_registry_with_oras 10 5 "$directory" "$registry/aks/packages/kubernetes/$tool:${tag//\~/-}" \
        "--platform=linux/$(getCPUArch):${OS,,} $OS_VERSION"; then
        echo "Failed to pull $tool package from registry"
        status=1
    elif ! installToolFromLocalRepo "$tool" "$directory" "$version" "$install_path"; then
        echo "Failed to install $tool from local repo $directory"
        status=1
    fi
    rm -rf "$directory"
    return "$status"
}

# (registry, Kubernetes version)
installCredentialProviderPackageFromBootstrapProfileRegistry() {
    selectCredentialProvider "$2"
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

# Prints the X.Y.Z of the vX.Y.Z in CREDENTIAL_PROVIDER_DOWNLOAD_URL, or nothing.
credentialProviderUrlVersion() {
    if [[ ${CREDENTIAL_PROVIDER_DOWNLOAD_URL:-} =~ v([0-9]+\.[0-9]+\.[0-9]+) ]]; then
        printf '%s\n' "${BASH_REMATCH[1]}"
    fi
}

# Downloads the archive at CREDENTIAL_PROVIDER_DOWNLOAD_URL: an address, or a reference in a registry.
downloadCredentialProvider() {
    local url=$CREDENTIAL_PROVIDER_DOWNLOAD_URL directory=$CREDENTIAL_PROVIDER_DOWNLOADS_DIR
    mkdir -p "$directory"
    if [[ $url == *://* ]]; then
        retrycmd_if_failure 120 5 60 curl -fsSL "$url" -o "$directory/${url##*/}" || exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    else
        retrycmd_pull_from_registry_with_oras 10 5 "$directory" "$url" || exit "$ERR_ORAS_PULL_CREDENTIAL_PROVIDER"
    fi
}

# Installs the credential provider from the archive at CREDENTIAL_PROVIDER_DOWNLOAD_URL.
installCredentialProviderFromUrl() {
    local target=$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider name=azure-acr-credential-provider stage status=0
    rm -rf "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"
    logs_to_events "AKS.CSE.installCredentialProviderFromUrl.downloadCredentialProvider" downloadCredentialProvider
    stage=$(_make_staging_dir "$target") && cat "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"/*.tar.gz | tar -xz -C "$stage" &&
        _install_extracted_binary "$stage" "$name" "$name" "$(credentialProviderUrlVersion)" "$target" "$CREDENTIAL_PROVIDER_DOWNLOAD_URL" ||
        status=$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT
    rm -rf "$stage" "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"
    if [ "$status" -ne 0 ]; then
        exit "$status"
    fi
}
