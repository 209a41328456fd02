#!/bin/bash
# Talks to a registry as oras does: oras pull HOST:PORT/REPOSITORY:TAG -o DIRECTORY ..., oras repo tags
# HOST:PORT/REPOSITORY ... A stand-in for the program, which few machines have; the server is a real one.
set -euo pipefail

# (reference, directory)
pull() {
    local repository=${1#*/} base digest title
    base=http://${1%%/*}/v2/${repository%:*}
    mkdir -p "$2"
    while read -r digest title; do
        curl -fsS "$base/blobs/$digest" -o "$2/$title"
        sha256sum --quiet -c - <<<"${digest#sha256:}  $2/$title"
    done < <(curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json' "$base/manifests/${repository##*:}" |
        jq -r '.layers[] | .digest + " " + .annotations["org.opencontainers.image.title"]')
    wait "$!"
}

case $1 in
    pull) pull "$2" "$4" ;;
    repo) curl -fsS "http://${3%%/*}/v2/${3#*/}/tags/list" | jq -r '.tags[]' ;;
    *) exit 2 ;;
esac
