#!/bin/bash
# Tests an image, on a machine that was made of it: whether it holds what its list of components says. Each failure is
# a line on standard error, `<test>:Error: <what is wrong>`, and keeps no other test from running: whoever runs this
# reads them all.
# Arguments (version of the system, whether it is FIPS, its name, branch, name of the image, features, commit): what is
# tested is what the machine says of itself.

CONTAINERS_DIR=/opt/azure/containers
KUBERNETES_PACKAGES=(kubelet kubectl azure-acr-credential-provider)

# shellcheck source=../../node/cse_helpers.sh
source "$CONTAINERS_DIR/provision_source.sh"
# shellcheck source=../../node/cse_install.sh
source "$CONTAINERS_DIR/provision_installs.sh"
# shellcheck source=/dev/null
source "$CONTAINERS_DIR/provision_installs_distro.sh"

# (test, message)
err() {
    echo "$1:Error: $2" >&2
}

# The image has containerd disabled: what looks at its images needs it.
testContainerdStarts() {
    local test=testContainerdStarts state
    echo "$test:Start"
    if ! timeout 60 systemctl daemon-reload; then
        err "$test" "systemd could not read its units anew"
    elif ! timeout 60 systemctl restart containerd; then
        err "$test" "containerd could not be started"
    else
        state=$(_ask_systemctl show -p ActiveState --value containerd || :)
        if [ "$state" != active ]; then
            err "$test" "containerd was started and is ${state:-in no state that systemctl could tell}"
        fi
    fi
    echo "$test:Finish"
}

# Whatever the architecture: an image for arm64 holds packages for that.
testPackagesInstalled() {
    local test=testPackagesInstalled package
    local -a versions
    echo "$test:Start"
    if [ ! -s "$COMPONENTS_FILEPATH" ]; then
        err "$test" "there is no list of components: $COMPONENTS_FILEPATH"
    fi
    for package in "${KUBERNETES_PACKAGES[@]}"; do
        mapfile -t versions < <(_versions_of "$package")
        if [ "${#versions[@]}" -eq 0 ]; then
            echo "the list of components has no $package for $OS $OS_VERSION"
            continue
        fi
        testPkgDownloaded "$package" "$(_downloads_of "$package")" "${versions[@]}"
        if _is_kubernetes_tool "$package" && ! _has_sysexts; then
            testVersionedKubernetesPackageBinariesPresent "$package" "${versions[@]}"
        fi
    done
    echo "$test:Finish"
}

# (package): prints the versions of it that this image should hold. The list has the credential provider under
# another name.
_versions_of() {
    local component=$1
    if [ "$component" = azure-acr-credential-provider ]; then
        component+=-pmc
    fi
    _component_versions "$component" "$OS" "$OS_VERSION" "$OS_VARIANT" | grep -vFx '<SKIP>'
}

# Succeeds where packages are images that systemd merges over /usr.
_has_sysexts() {
    isFlatcar "$OS" || isACL "$OS" "$OS_VARIANT"
}

# (package)
_downloads_of() {
    if _has_sysexts; then
        echo "/opt/$1-sysext/downloads"
    else
        getPackageDownloadDir "$1"
    fi
}

# (package, directory, version...): a package of each version is there, for this machine.
testPkgDownloaded() {
    local test=testPkgDownloaded package=$1 directory=$2 version file
    shift 2
    echo "$test:Start $package"
    for version; do
        if _has_sysexts; then
            file=$(findSysext "$package-sysext" "$version" "$directory")
        else
            file=$(findPackageFile "$package" "$version" "$directory")
        fi
        if [ ! -s "$file" ]; then
            err "$test" "there is no package of $package $version for $(getCPUArch) in $directory"
        fi
    done
    echo "$test:Finish $package"
}

# (package, version...): the program of each version is there, by its own name, and is of that version.
testVersionedKubernetesPackageBinariesPresent() {
    local package=$1 test=testVersioned${1}PackageBinaries version plain binary format reported
    shift
    echo "$test:Start"
    for version; do
        _plain_version plain "$version"
        binary=/opt/bin/$package-${plain%%-*}
        _program_format format "$binary"
        if [ ! -s "$binary" ]; then
            err "$test" "Binary $binary does not exist"
            continue
        fi
        if [[ ! $format =~ ^(elf|script)$ ]]; then
            err "$test" "Binary $binary is not a program to run here: $format"
            continue
        fi
        chmod a+x "$binary"
        _reported_versions reported "$binary" "$package"
        if ! _names_version "$reported" "${plain%%-*}"; then
            err "$test" "The $package version is not correct: expected ${plain%%-*}, existing: ${reported:-none}"
        fi
    done
    echo "$test:Finish"
}

testContainerdStarts
testPackagesInstalled
