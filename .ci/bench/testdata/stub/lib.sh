# shellcheck shell=bash
# Restarts the service and notes which version it runs.
release() {
  systemctl restart app || return 1
  printf '%s\n' "$1" >"${STATE_DIRECTORY:-/opt}/version"
}
