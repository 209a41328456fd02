#!/bin/bash
# A small installer: the script that the fabricated runs of the matchers' tests claim to have executed.

installTool() {
  local name=$1 version=$2
  mkdir -p /opt/bin
  if [ -f "/opt/bin/${name}-${version}" ]; then
    mv "/opt/bin/${name}-${version}" "/opt/bin/${name}"
    return
  fi
  fetchTool "$name" "$version"
}

fetchTool() {
  curl -fsS "http://packages/${1}_${2}" -o "/opt/bin/${1}" || return 22
  chmod 755 "/opt/bin/${1}"
}
