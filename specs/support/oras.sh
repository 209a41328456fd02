#!/bin/bash
# Pulls an artifact from a registry, as oras does: oras pull HOST:PORT/REPOSITORY:TAG -o DIRECTORY ...
# A stand-in for the program, which few machines have; the server it talks to is a real one.
set -euo pipefail
name=${2%%/*} repository=${2#*/} directory=$4
tag=${repository##*:}
base=http://$name/v2/${repository%:*}
mkdir -p "$directory"
manifest=$(curl -fsS -H 'Accept: application/vnd.oci.image.manifest.v1+json' "$base/manifests/$tag")
while read -r digest title; do
    curl -fsS "$base/blobs/$digest" -o "$directory/$title"
    sha256sum --quiet -c - <<<"${digest#sha256:}  $directory/$title"
done < <(jq -r '.layers[] | .digest + " " + .annotations["org.opencontainers.image.title"]' <<<"$manifest")
