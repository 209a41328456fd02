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
