#!/bin/bash
# Calls a wrapper whose own file is not sourced.
# shellcheck disable=SC2016,SC2034
install_all() {
  local version='1 2' pattern='/etc/host*'
  logged install mkdir -p "/made/$version"
  counter=0
  logged count increase 5
  logged words printf '%s.' "$version" "$pattern"
  logged text 'counter=$((counter + 1)); false'
  echo "code $? counter $counter"
}
increase() { counter=$((counter + $1)); }
