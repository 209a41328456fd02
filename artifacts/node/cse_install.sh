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
VHD_LOGS_FILEPATH=/opt/azure/vhd-install.complete
CNI_CONFIG_DIR=/etc/cni/net.d
CNI_BIN_DIR=/opt/cni/bin
CNI_DOWNLOADS_DIR=/opt/cni/downloads
SECURE_TLS_BOOTSTRAP_CLIENT=/opt/bin/aks-secure-tls-bootstrap-client

# Sets CPU_ARCH, unless it is set, to the machine's architecture as packages name it.
setCPUArch() {
    if [ -z "$CPU_ARCH" ]; then
        CPU_ARCH=${HOSTTYPE/x86_64/amd64} # bash knows for what machine it is
        CPU_ARCH=${CPU_ARCH/aarch64/arm64}
    fi
}

getCPUArch() {
    setCPUArch
    printf '%s\n' "$CPU_ARCH"
}

# (wanted version): reads lines of a version and anything behind it, prints the line with the
# highest version that is the wanted one. Nothing when there is none.
latestMatchingVersion() {
    local line
    local -a found=()
    while read -r line; do
        if _version_matches "${line%% *}" "$1"; then
            found+=("$line")
        fi
    done
    highestVersion "${found[@]}"
}

# (line...): prints the one that begins with the highest version, or nothing when there is none.
highestVersion() {
    if [ $# -gt 1 ]; then
        printf '%s\n' "$@" | sort -V | tail -n 1
    else
        printf '%s' "${1:+$1$'\n'}"
    fi
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

# --- What the image carries -------------------------------------------------------------------

# (keep everything, is an image): prints, as its last line, true where all has to be installed, or false where
# the image carries it. The lines before it are for people.
getInstallModeAndCleanupContainerImages() {
    local keep=${1:-} is_image=${2:-}
    if [ ! -f "$VHD_LOGS_FILEPATH" ] && [ "$is_image" = true ]; then
        echo "$VHD_LOGS_FILEPATH is not there, though this is to be a golden image" >&2
        exit "$ERR_VHD_FILE_NOT_FOUND"
    fi
    if [ "$keep" = true ]; then
        echo "binaries will not be cleaned up"
        echo true
    elif [ -f "$VHD_LOGS_FILEPATH" ]; then
        echo "detected golden image pre-install"
        logs_to_events "AKS.CSE.cleanUpContainerImages" cleanUpContainerImages || exit "$ERR_CLEANUP_CONTAINER_IMAGES"
        echo false
    else
        echo "the image carries nothing, all is installed"
        echo true
    fi
}

# Removes images of kube-proxy for other versions of Kubernetes. Where containerd does not run yet, which is
# so on an image that leaves its start to the boot, they stay: kubelet removes them when space gets scarce.
cleanUpContainerImages() {
    local list image version=${KUBERNETES_VERSION#v} status=0
    if [ "$(_ask_systemctl is-active containerd || :)" != active ]; then
        echo "containerd does not run yet, its images stay"
        return 0
    fi
    list=$(timeout 30 ctr --namespace k8s.io images list -q) || return 1
    while read -r image; do
        if [[ $image == */kube-proxy:* && $image != */kube-proxy:v"$version" && $image != */kube-proxy:v"$version"[-.]* ]]; then
            timeout 30 ctr --namespace k8s.io images rm "$image" || status=1
        fi
    done <<<"$list"
    return "$status"
}

# Installs containerd, of the version that is asked for or else of that in the image's list.
installContainerRuntime() {
    local - version=${CONTAINERD_VERSION:-}
    set +x # a URL's query may hold a key
    if [ -z "$version" ]; then
        PACKAGE_VERSION=
        getLatestPkgVersionFromK8sVersion "$KUBERNETES_VERSION" containerd "$OS" "${OS_VERSION:-}" "${OS_VARIANT:-}"
        version=$PACKAGE_VERSION
    fi
    installStandaloneContainerd "$version" "${CONTAINERD_PACKAGE_URL:-}"
}

setupCNIDirs() {
    mkdir -p "$CNI_BIN_DIR" "$CNI_CONFIG_DIR" && chown -R root:root "$CNI_BIN_DIR" "$CNI_CONFIG_DIR" && chmod -R 0755 "$CNI_BIN_DIR" "$CNI_CONFIG_DIR"
}

# Installs the programs of containers' networks, as far as the image does not carry them.
installNetworkPlugin() {
    if [ "${NETWORK_PLUGIN:-}" = azure ]; then
        _install_cni_plugins azure-vnet "${VNET_CNI_PLUGINS_URL:-}"
    fi
    _install_cni_plugins bridge "${CNI_PLUGINS_URL:-}"
    rm -rf "$CNI_DOWNLOADS_DIR" || echo "Failed to remove $CNI_DOWNLOADS_DIR" >&2
}

# (one of the programs, URL of the archive): from the archive that the image carries, else from the URL.
_install_cni_plugins() {
    local program=$1 url=$2 archive=${2%%\?*}
    archive=$CNI_DOWNLOADS_DIR/${archive##*/}
    if [ -z "$url" ]; then
        if [ ! -x "$CNI_BIN_DIR/$program" ]; then
            echo "there is no $CNI_BIN_DIR/$program, and no URL is set to get it from"
        fi
        return 0
    fi
    if [ -x "$CNI_BIN_DIR/$program" ] && [ ! -f "$archive" ]; then
        echo "$CNI_BIN_DIR/$program is already installed"
        return 0
    fi
    if [ ! -f "$archive" ]; then
        mkdir -p "$CNI_DOWNLOADS_DIR" && retrycmd_get_tarball 120 5 60 "$archive" "$url" 300 || exit "$ERR_CNI_DOWNLOAD_TIMEOUT"
    fi
    tar -xzf "$archive" -C "$CNI_BIN_DIR" --no-same-owner || exit "$ERR_CNI_DOWNLOAD_TIMEOUT"
}

# Puts the client of the secure way to bootstrap in place, or takes it away where that way is not gone.
installSecureTLSBootstrapClient() {
    local -
    set +x # a URL's query may hold a key
    local url=${CUSTOM_SECURE_TLS_BOOTSTRAP_CLIENT_URL:-} stage='' status=0
    if [ "${ENABLE_SECURE_TLS_BOOTSTRAPPING:-}" != true ]; then
        rm -f "$SECURE_TLS_BOOTSTRAP_CLIENT"
        return 0
    fi
    if [ -z "$url" ]; then
        if [ ! -x "$SECURE_TLS_BOOTSTRAP_CLIENT" ]; then
            echo "the image carries no $SECURE_TLS_BOOTSTRAP_CLIENT"
            exit "$ERR_SECURE_TLS_BOOTSTRAP_CLIENT_DOWNLOAD_ERROR"
        fi
        return 0
    fi
    _make_staging_dir stage "$SECURE_TLS_BOOTSTRAP_CLIENT" && retrycmd_get_tarball 30 5 60 "$stage/client.tar.gz" "$url" 300 &&
        tar -xzf "$stage/client.tar.gz" -C "$stage" &&
        _install_extracted_binary "$stage" "${SECURE_TLS_BOOTSTRAP_CLIENT##*/}" "${SECURE_TLS_BOOTSTRAP_CLIENT##*/}" '' "$SECURE_TLS_BOOTSTRAP_CLIENT" "${url%%\?*}" ||
        status=$ERR_SECURE_TLS_BOOTSTRAP_CLIENT_DOWNLOAD_ERROR
    rm -rf "$stage"
    if [ "$status" -ne 0 ]; then
        exit "$status"
    fi
}

# --- What a distribution does otherwise, where it has anything to do ----------------------------

# (hold or unhold): only Ubuntu has a package of the Azure agent that an upgrade may replace.
aptmarkWALinuxAgent() {
    echo "aptmarkWALinuxAgent $1: nothing to do on this system"
}

installDeps() {
    echo "installDeps: nothing to do on this system"
}

# (version, URL of its package)
installStandaloneContainerd() {
    echo "containerd is part of this system, none is installed"
}

# --- Programs out of packages -------------------------------------------------------------------
# kubelet, kubectl and the credential provider are taken out of their packages: no package manager
# installs them, so none of their scripts runs. A distribution gives PACKAGE_KIND (deb or rpm), what
# extracts it (PACKAGE_EXTRACTOR), listPackageVersions and fetchPackage.

# (path below it = none)
getPackageCacheRoot() {
    printf '%s\n' "${RPM_PACKAGE_CACHE_BASE_DIR:-/opt}${1:+/$1}"
}

# (package)
getPackageCacheDir() {
    getPackageCacheRoot "$1"
}

# (package): prints the directory where an image leaves a package, and a download too.
getPackageDownloadDir() {
    getPackageCacheDir "$1/downloads"
}

# (package, version, target, tries = 3): installs the program of a package: from the image's versioned
# program, else from a cached package, else from a package that it downloads. Others may install the
# same at the same time and take away what it found: then it looks again.
installProgramFromPackage() {
    local package=$1 version=$2 target=$3 tries=${4:-3} downloads file full_version
    downloads=$(getPackageDownloadDir "$package")
    if fallbackToKubeBinaryInstall "$package" "$version" "$target"; then
        echo "Successfully installed $package version $version from binary fallback"
        _remove_packages "$package"
        return 0
    fi

    file=$(findPackageFile "$package" "$version" "$downloads")
    if [ -z "$file" ]; then
        if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" != true ] && _is_installed "$package" "$version" "$target"; then
            echo "$package version $version is already installed"
            # An earlier run may have been ended before it could.
            _remove_versioned_binaries "$package"
            _remove_packages "$package"
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
        _remove_packages "$package"
    elif [ ! -e "$file" ] && [ "$tries" -gt 1 ]; then
        installProgramFromPackage "$package" "$version" "$target" $((tries - 1))
    else
        if [ -z "$file" ]; then
            echo "Failed to locate $package $PACKAGE_KIND"
        fi
        return 1
    fi
}

# (package): removes its packages, once its program is in place. What cannot be removed is only in the way:
# the install has succeeded.
_remove_packages() {
    rm -rf "$(getPackageDownloadDir "$1")" || echo "Failed to remove the packages of $1" >&2
}

# (package, version, directory...): prints the path of the highest package of that version, for this
# machine, in the first directory that has one.
findPackageFile() {
    local package=$1 wanted=$2 directory file version
    local -a found
    shift 2
    for directory; do
        found=()
        for file in "$directory/$package"*".$PACKAGE_KIND"; do
            if [ -f "$file" ] && "${PACKAGE_KIND}FileVersion" version "$file" "$package" && _version_matches "$version" "$wanted"; then
                found+=("$version $file")
            fi
        done
        if [ "${#found[@]}" -gt 0 ]; then
            file=$(highestVersion "${found[@]}")
            printf '%s\n' "${file#* }"
            return
        fi
    done
}

# (file, directory, name)
_put_into_directory() {
    { [ -d "$2" ] || mkdir -p "$2"; } && _put_in_place "$1" "$2/$3"
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

# (variable, file, package): sets it to the version in the name of a package. Fails when that is another
# package or for another machine. A name is kubelet-1.34.1-1.azl3.x86_64.rpm.
rpmFileVersion() {
    [[ ${2##*/} =~ ^"$3"-([^-]+-[^-]+)\.([^.-]+)\.rpm$ ]] && _is_rpm_architecture "${BASH_REMATCH[2]}" &&
        printf -v "$1" '%s' "${BASH_REMATCH[1]//%3[aA]/:}"
}

# (architecture as RPM packages name it): succeeds when such packages are for this machine.
_is_rpm_architecture() {
    setCPUArch
    case $1.$CPU_ARCH in
        noarch.* | x86_64.amd64 | aarch64.arm64) ;;
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
    local rpm=$1 package=$2 target=${3:-/opt/bin/$2} version='' stage path status=0
    rpmFileVersion version "$rpm" "$package" || :
    if ! _make_staging_dir stage "$target"; then
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
            _install_extracted_binary "$stage" "$path" "$package" "$version" "$target" "$rpm" || status=1
        fi
    fi
    rm -rf "$stage"
    return "$status"
}

# (rpm, directory, path...): unpacks these files of a package and nothing else. A payload may hold any
# name, ../ and absolute ones too, and any link: cpio makes what it is told by name, and no more.
_unpack_rpm() {
    local rpm=$1 directory=$2
    shift 2
    rpm2cpio "$rpm" | cpio -id -D "$directory" --quiet --no-preserve-owner "$@" "${@/#/./}"
    # A payload that breaks off may look whole to cpio, and one that is odd to rpm2cpio: both must agree.
    [ "${PIPESTATUS[*]}" = '0 0' ]
}

# (downloader: dnf_download or tdnf_download, what to download, directory): downloads packages and puts
# each into the directory when it is complete, as another install may look for it, or remove the
# directory: the second try is for that moment.
downloadRpms() {
    local downloader=$1 wanted=$2 directory=$3 stage='' rpm status=0
    _make_staging_dir stage "$directory" && "$downloader" 30 1 600 "$stage" "$wanted" || status=1
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
    _retrycmd_with_remedy "$1 makecache" "$2" "$3" "$4" true "$1" "${@:5}"
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
    setCPUArch
    rm -rf "$directory" # everybody may write into /tmp: what lies there is nobody's package
    # Tags may not hold a ~. An artifact's platform names the distribution as its os version.
    if ! retrycmd_pull_from_registry_with_oras 10 5 "$directory" "$registry/aks/packages/kubernetes/$tool:${tag//\~/-}" \
        "--platform=linux/$CPU_ARCH:${OS,,} $OS_VERSION"; then
        echo "Failed to pull $tool package from registry"
        status=1
    elif ! installToolFromLocalRepo "$tool" "$directory" "$version" "$install_path"; then
        echo "Failed to install $tool from local repo $directory"
        status=1
    fi
    _remove_pulled "$directory"
    return "$status"
}

# (directory): removes what was pulled into it, and the directories of pulls in /tmp when that was all.
_remove_pulled() {
    rm -rf "$1"
    rmdir /tmp/kubernetes/downloads /tmp/kubernetes 2>/dev/null || :
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
    local url=$CREDENTIAL_PROVIDER_DOWNLOAD_URL directory=$CREDENTIAL_PROVIDER_DOWNLOADS_DIR file=${CREDENTIAL_PROVIDER_DOWNLOAD_URL%%\?*}
    if [[ $url == *://* ]]; then
        mkdir -p "$directory" && retrycmd_get_tarball 120 5 60 "$directory/${file##*/}" "$url" 300 || exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    else
        mkdir -p "$directory" && retrycmd_pull_from_registry_with_oras 10 5 "$directory" "$url" || exit "$ERR_ORAS_PULL_CREDENTIAL_PROVIDER"
    fi
}

# Installs the credential provider from the archive at CREDENTIAL_PROVIDER_DOWNLOAD_URL. Tells nobody of
# an address's query, which may hold a key.
installCredentialProviderFromUrl() {
    local - target=$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider name=azure-acr-credential-provider
    set +x # a URL's query may hold a key
    local origin=${CREDENTIAL_PROVIDER_DOWNLOAD_URL:-} archive stage='' status=0
    origin=${origin%%\?*}
    if [ -z "$origin" ]; then
        echo "No URL is set to install $name from"
        exit "$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT"
    fi
    rm -rf "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"
    # What was downloaded has to go, also where this exits.
    (logs_to_events "AKS.CSE.installCredentialProviderFromUrl.downloadCredentialProvider" downloadCredentialProvider) || status=$?
    if [ "$status" -eq 0 ]; then
        for archive in "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"/*.tar.gz; do :; done
        if [ ! -f "$archive" ]; then
            echo "There is no .tar.gz in $origin"
            status=$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT
        fi
    fi
    if [ "$status" -eq 0 ]; then
        _make_staging_dir stage "$target" && tar -xzf "$archive" -C "$stage" &&
            _install_extracted_binary "$stage" "$name" "$name" "$(credentialProviderUrlVersion)" "$target" "$origin" ||
            status=$ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT
    fi
    rm -rf "$stage" "$CREDENTIAL_PROVIDER_DOWNLOADS_DIR"
    if [ "$status" -ne 0 ]; then
        echo "Failed to install $name from $origin"
        exit "$status"
    fi
}

# --- Kubernetes' own programs from a URL or a registry ------------------------------------------

# Both spellings of the addresses are set afterwards: what the command line sets (without DOWNLOAD) wins.
readKubeBinaryURLs() {
    CUSTOM_KUBE_BINARY_DOWNLOAD_URL=${CUSTOM_KUBE_BINARY_URL:-${CUSTOM_KUBE_BINARY_DOWNLOAD_URL:-}}
    PRIVATE_KUBE_BINARY_DOWNLOAD_URL=${PRIVATE_KUBE_BINARY_URL:-${PRIVATE_KUBE_BINARY_DOWNLOAD_URL:-}}
}

# Installs kubelet and kubectl of KUBERNETES_VERSION from a tarball: the custom one and no other, else
# the private one that the image carries, else the versioned programs of the image, else the default
# one, from the registry of the cluster where it has one.
installKubeletKubectlFromURL() {
    local - version tool
    set +x # a URL's query may hold a key
    _plain_version version "$KUBERNETES_VERSION"
    readKubeBinaryURLs
    echo "using private url: ${PRIVATE_KUBE_BINARY_DOWNLOAD_URL%%\?*}, custom url: ${CUSTOM_KUBE_BINARY_DOWNLOAD_URL%%\?*}"
    if [ -n "$CUSTOM_KUBE_BINARY_DOWNLOAD_URL" ]; then
        _remove_all_versioned_binaries
        _extract_kube_binaries "$version" "$CUSTOM_KUBE_BINARY_DOWNLOAD_URL" false
    else
        if [ -n "$PRIVATE_KUBE_BINARY_DOWNLOAD_URL" ]; then
            _extract_kube_binaries "$version" "$PRIVATE_KUBE_BINARY_DOWNLOAD_URL" true || :
        elif _are_installed "$version" && ! _image_carries "$version"; then
            echo "kubelet and kubectl version $version are already installed"
            _remove_kube_binary_sources # an earlier run may have been ended before it could
            return 0
        fi
        if ! _image_carries "$version"; then
            _extract_default_kube_binaries "$version"
        fi
    fi
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        if ! _install_cached_binary "/opt/bin/$tool-$version" "/opt/bin/$tool"; then
            echo "Failed to install $tool version $version"
            exit "$ERR_K8S_INSTALL_ERR"
        fi
    done
    _remove_kube_binary_sources
}

# Removes what an image carries of kubelet and kubectl, once they are in place. What cannot be removed is
# only in the way.
_remove_kube_binary_sources() {
    _remove_all_versioned_binaries
    rm -rf /home/hyperkube-downloads || echo "Failed to remove /home/hyperkube-downloads" >&2
}

# (version, URL or reference in a registry, is private, directory): see extractKubeBinaries. A URL's
# query may hold a key, and an event tells every word of its command: this one is not told it.
_extract_kube_binaries() {
    local url_query=${2#"${2%%\?*}"}
    logs_to_events "AKS.CSE.installKubeletKubectlFromURL.extractKubeBinaries" extractKubeBinaries "$1" "${2%%\?*}" "${@:3}"
}

# (version)
_extract_default_kube_binaries() {
    local version=$1 registry=${BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER:-}
    if [ -n "$registry" ]; then
        setCPUArch
        _extract_kube_binaries "$version" "$registry/oss/binaries/kubernetes/kubernetes-node:v$version-linux-$CPU_ARCH" false /tmp/kubernetes/downloads
    elif [ -n "${KUBE_BINARY_URL:-}" ]; then
        _extract_kube_binaries "$version" "$KUBE_BINARY_URL" false
    else
        echo "No URL is set to install kubelet and kubectl version $version from"
        exit "$ERR_K8S_INSTALL_ERR"
    fi
}

# (version): succeeds when the image carries both versioned programs, neither of them cut short.
_image_carries() {
    local tool cached format=''
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        cached=/opt/bin/$tool-$1
        if [ ! -f "$cached" ] || [ -L "$cached" ]; then
            return 1
        fi
        _program_format format "$cached"
        if [[ ! $format =~ ^(elf|script|neither.*)$ ]]; then
            return 1
        fi
    done
}

# (version): succeeds when both are in place already, as after an earlier run.
_are_installed() {
    local tool
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        _is_installed "$tool" "$1" "/opt/bin/$tool" || return 1
    done
}

_remove_all_versioned_binaries() {
    local tool
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        _remove_versioned_binaries "$tool"
    done
}

# (version, URL or reference in a registry, is private, directory = /opt/kubernetes/downloads): gets
# the tarball of a version and puts kubelet and kubectl into /opt/bin under versioned names. A private
# tarball is not downloaded: the image carries it under the name that its URL ends in.
extractKubeBinaries() {
    local version=${1#v} url=$2${url_query:-} is_private=$3 directory=${4:-/opt/kubernetes/downloads} archive=${2%%\?*} stage='' status=0
    archive=$directory/${archive##*/}
    logs_to_events "AKS.CSE.logDownloadURL" echo "${2%%\?*}"
    if [ "$is_private" = true ]; then
        archive=/opt/kubernetes/downloads/private-packages/${archive##*/}
        if [ ! -f "$archive" ]; then
            echo "cached package $archive not found"
            return 1
        fi
        _remove_all_versioned_binaries
    elif [[ $url == *://* ]]; then
        mkdir -p "$directory" && retrycmd_get_tarball 120 5 60 "$archive" "$url" 300 || exit "$ERR_K8S_DOWNLOAD_TIMEOUT"
    else
        # An artifact names its files itself: a directory of its own tells which they are.
        _make_staging_dir stage "$directory/oras" && retrycmd_pull_from_registry_with_oras 120 5 "$stage" "$url" || status=$ERR_ORAS_PULL_K8S_FAIL
        for archive in "$stage"/*.tar.gz; do :; done
        if [ "$status" -eq 0 ] && [ ! -f "$archive" ]; then
            echo "There is no .tar.gz in ${2%%\?*}"
            status=$ERR_K8S_INSTALL_ERR
        fi
    fi
    if [ "$status" -eq 0 ]; then
        # What was pulled has to go, also where this exits.
        (extractKubeBinariesToOptBin "$archive" "$version" "$is_private") || status=$?
    fi
    if [ -n "$stage" ]; then
        _remove_pulled "$stage"
    fi
    if [ "$status" -ne 0 ]; then
        exit "$status"
    fi
}

# (tarball, version, is private): puts kubelet and kubectl of a tarball into /opt/bin as
# <tool>-<version>, once they have proved to be whole and of that version.
extractKubeBinariesToOptBin() {
    local archive=$1 version=${2#v} is_private=$3 tool stage='' status=0
    _make_staging_dir stage /opt/bin/kubernetes &&
        tar -xzf "$archive" -C "$stage" kubernetes/node/bin/kubelet kubernetes/node/bin/kubectl || status=1
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        if [ "$status" -eq 0 ]; then
            _install_extracted_binary "$stage" "kubernetes/node/bin/$tool" "$tool" "$version" "/opt/bin/$tool-$version" "$archive" || status=1
        fi
    done
    rm -rf "$stage"
    if [ "$is_private" != true ]; then
        rm -f "$archive"
    fi
    if [ "$status" -ne 0 ]; then
        exit "$ERR_K8S_INSTALL_ERR"
    fi
}

# (registry, version): installs kubelet and kubectl from their packages in the registry of the
# cluster; where that fails and packages are not enforced, from a URL.
installKubeletKubectlFromBootstrapProfileRegistry() {
    local registry=$1 version=$2 tool
    for tool in "${KUBERNETES_TOOLS[@]}"; do
        if ! installToolFromBootstrapProfileRegistry "$tool" "$registry" "$version" "/opt/bin/$tool"; then
            if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
                echo "Kube PMC install is enforced, not installing kubelet and kubectl from url"
                exit "$ERR_ORAS_PULL_K8S_FAIL"
            fi
            echo "Fall back to install kubelet and kubectl from url installation"
            logs_to_events "AKS.CSE.configureKubeletAndKubectl.installKubeletKubectlFromURL-Fallback" installKubeletKubectlFromURL
            return
        fi
    done
    _remove_all_versioned_binaries
}

# --- System extensions --------------------------------------------------------------------------
# Where /usr is read-only (Flatcar, Azure Container Linux), a program comes in a disk image that
# systemd merges over /usr, and a link leads to it. The image of kubelet is kubelet-sysext.

# (version, registry): installs kubelet and kubectl; where that fails and packages are not enforced,
# from a URL.
installKubeletKubectlFromSysexts() {
    if mergeSysexts "$2" "$1" kubelet /opt/bin/kubelet kubectl /opt/bin/kubectl; then
        _remove_all_versioned_binaries
        return 0
    fi
    if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
        echo "Kube PMC install is enforced, not installing kubelet and kubectl from url"
        exit "$ERR_ORAS_PULL_SYSEXT_FAIL"
    fi
    echo "Failed to install kubelet and kubectl from system extensions, falling back to url installation"
    installKubeletKubectlFromURL
}

# (Kubernetes version, registry): installs the credential provider; where that fails and packages are
# not enforced, from its URL.
installCredentialProviderFromSysext() {
    local name=azure-acr-credential-provider
    selectCredentialProviderVersion "${1#v}" "$OS" current
    CREDENTIAL_PROVIDER_VERSION=${CREDENTIAL_PROVIDER_VERSION#v}
    if [ -z "$CREDENTIAL_PROVIDER_VERSION" ]; then
        CREDENTIAL_PROVIDER_VERSION=$(credentialProviderUrlVersion)
    fi
    if [ -n "$CREDENTIAL_PROVIDER_VERSION" ] &&
        mergeSysexts "$2" "$CREDENTIAL_PROVIDER_VERSION" "$name" "$CREDENTIAL_PROVIDER_BIN_DIR/acr-credential-provider"; then
        return 0
    fi
    if [ "${SHOULD_ENFORCE_KUBE_PMC_INSTALL:-}" = true ]; then
        echo "Kube PMC install is enforced, not installing the credential provider from url"
        exit "$ERR_ORAS_PULL_SYSEXT_FAIL"
    fi
    echo "Failed to install $name from a system extension, falling back to url installation"
    installCredentialProviderFromUrl
}

# (registry, version, (tool, target)...): merges the system extension of each tool, the one that the image
# carries or else the one in the registry, and puts a link to its program at the target. All or none:
# where one does not give its program as a whole and of that version, or a link cannot be placed, what
# was merged before is merged again.
mergeSysexts() {
    local registry=$1 version=$2 index tool status=0
    local -a tools=()
    local -A raw=() before=()
    shift 2
    for ((index = 1; index < $#; index += 2)); do
        tools+=("${!index}")
    done
    for tool in "${tools[@]}"; do
        raw[$tool]=$(findSysext "$tool-sysext" "$version")
        if [ -z "${raw[$tool]}" ]; then
            downloadSysextFromVersion "$tool-sysext" "$version" "$registry" || return 1
            raw[$tool]=$(findSysext "$tool-sysext" "$version")
        fi
    done
    for tool in "${tools[@]}"; do
        # Nothing but extensions may lie in their directory while systemd reads it: a word holds the link.
        before[$tool]=$(readlink "/etc/extensions/$tool-sysext.raw" || :)
        if ! _put_link_in_place "${raw[$tool]}" "/etc/extensions/$tool-sysext.raw"; then
            unset "before[$tool]"
            status=1
        fi
    done
    if [ "$status" -eq 0 ] && retrycmd_if_failure 3 5 60 systemd-sysext refresh; then
        for tool in "${tools[@]}"; do
            _usr_bin_has "$tool" "$version" || status=1
        done
    else
        status=1
    fi
    if [ "$status" -ne 0 ] || ! _link_to_usr_bin "$@"; then
        status=1
        for tool in "${!before[@]}"; do
            if [ -z "${before[$tool]}" ] || ! _put_link_in_place "${before[$tool]}" "/etc/extensions/$tool-sysext.raw"; then
                rm -f "/etc/extensions/$tool-sysext.raw"
            fi
        done
        retrycmd_if_failure 3 5 60 systemd-sysext refresh || :
    fi
    return "$status"
}

# (name, version, directory = /opt/<name>/downloads): prints the path of the newest release of that
# version for this machine, or nothing.
findSysext() {
    local name=$1 version=$2 directory=${3:-/opt/$1/downloads} raw found
    found=$(for raw in "$directory/$name-"*.raw; do
        if [ -f "$raw" ]; then
            printf '%s\n' "${raw##*/"$name-"}"
        fi
    done | _latest_sysext_tag "$version" .raw)
    if [ -n "$found" ]; then
        printf '%s\n' "$directory/$name-$found.raw"
    fi
}

# (wanted version, ending): reads lines of a tag and the ending, prints the highest tag of that version
# and this machine. A tag is v1.34.1-2-amd64; it may not hold the ~ of a pre-release.
_latest_sysext_tag() {
    local line
    setCPUArch
    while read -r line; do
        if [[ $line =~ ^(v?[0-9.]+)-((alpha|beta|rc)\..*)-"$CPU_ARCH$2"$ ]]; then
            printf '%s %s\n' "${BASH_REMATCH[1]}~${BASH_REMATCH[2]}" "${line%"$2"}"
        elif [[ $line =~ ^(v?[0-9].*)-"$CPU_ARCH$2"$ ]]; then
            printf '%s %s\n' "${BASH_REMATCH[1]}" "${line%"$2"}"
        fi
    done | latestMatchingVersion "$1" | while read -r _ line; do
        printf '%s\n' "$line"
    done
}

# (name, version, registry, directory = /opt/<name>/downloads): downloads a system extension.
downloadSysextFromVersion() {
    local name=$1 version=$2 repository=$3/oss/v2/kubernetes/$1 directory=${4:-/opt/$1/downloads} tag stage='' raw status=0
    tag=$(retrycmd_silent 10 5 60 oras repo tags "$repository" --registry-config "$ORAS_REGISTRY_CONFIG_FILE" | _latest_sysext_tag "$version" '' || :)
    if [ -z "$tag" ]; then
        echo "Failed to find $name version $version in $3"
        return 1
    fi
    _make_staging_dir stage "$directory/$name" && retrycmd_pull_from_registry_with_oras 10 5 "$stage" "$repository:$tag" || status=1
    for raw in "$stage"/*.raw; do :; done # an artifact names its file itself
    if [ "$status" -ne 0 ] || [ ! -f "$raw" ] || ! _put_in_place "$raw" "$directory/$name-$tag.raw"; then
        echo "Failed to download $repository:$tag"
        status=1
    fi
    rm -rf "$stage"
    return "$status"
}

# (program, version): succeeds when /usr/bin has it, whole and of that version.
_usr_bin_has() {
    local program=/usr/bin/$1 format='' reported
    if [ -f "$program" ]; then
        _program_format format "$program"
    fi
    if [[ ! $format =~ ^(elf|script)$ ]]; then
        echo "The system extension of $1 has no program to run here"
        return 1
    fi
    _reported_versions reported "$program" "$1"
    if ! _may_be_version "$1" "$reported" "$2"; then
        echo "The system extension of $1 should be version $2, but it reports: ${reported:-none}"
        return 1
    fi
}

# ((program in /usr/bin, target)...): puts a link to each program at its target, all or none: where one
# cannot be placed, what was at the others is there again.
_link_to_usr_bin() {
    local target stage='' index status=0
    local -a targets=() stages=()
    while [ $# -gt 0 ]; do
        target=$2
        _make_staging_dir stage "$target" && stages+=("$stage") && ln -s "/usr/bin/$1" "$stage/link" && _keep_a_name "$target" "$stage/before" || status=1
        targets+=("$target")
        shift 2
    done
    for ((index = 0; index < ${#targets[@]} && status == 0; index++)); do
        _put_in_place "${stages[index]}/link" "${targets[index]}" || status=1
    done
    if [ "$status" -ne 0 ]; then
        while ((--index > 0)); do
            mv -fT "${stages[index - 1]}/before" "${targets[index - 1]}" 2>/dev/null || rm -f "${targets[index - 1]}"
        done
    fi
    rm -rf "${stages[@]}"
    return "$status"
}

# (file or link that may be there, another name): a directory, which nothing replaces, needs none.
_keep_a_name() {
    if [ -f "$1" ] || [ -L "$1" ]; then
        ln -P "$1" "$2"
    fi
}

# (where it leads, target): replaces what is at the target by a link, at once.
_put_link_in_place() {
    local stage='' status=0
    _make_staging_dir stage "$2" && ln -s "$1" "$stage/link" && _put_in_place "$stage/link" "$2" || status=1
    rm -rf "$stage"
    return "$status"
}

# --- Container images in the China cloud --------------------------------------------------------

# (client, from, to): names an image a second time.
retagContainerImage() {
    local cli=$1 from=$2 to=$3
    echo "retagging from $from to $to using $cli"
    timeout 30 "$cli" --namespace k8s.io image tag "$from" "$to"
}

# Names each image of mcr.microsoft.com also as the mirrors in China are named.
retagMCRImagesForChina() {
    local list image mirror status=0
    local -a images=()
    waitForContainerdReady || exit "$ERR_CTR_OPERATION_ERROR"
    if ! list=$(timeout 30 ctr --namespace k8s.io images list); then
        echo "containerd did not list its images, they cannot be named"
        exit "$ERR_CTR_OPERATION_ERROR"
    fi
    while read -r image _; do
        if [[ $image == mcr.microsoft.com/* ]]; then
            images+=("$image")
        fi
    done <<<"$list"
    if [ "${#images[@]}" -eq 0 ]; then
        echo "failed to find mcr images for retag"
        return 0
    fi
    for image in "${images[@]}"; do
        for mirror in mcr.azure.cn mcr.azk8s.cn; do
            # An earlier run has named it already, and ctr refuses a name that is taken.
            if [[ $'\n'$list != *$'\n'"$mirror/${image#*/}"[[:space:]]* ]]; then
                retagContainerImage ctr "$image" "$mirror/${image#*/}" || status=$ERR_CTR_OPERATION_ERROR
            fi
        done
    done
    return "$status"
}
