#!/bin/sh
# Runs as a whole.
set -eu
echo "$# arguments, first $1, for $APP_HOME"
cd /srv/app
service app reload
command -v systemctl >/dev/null || true
