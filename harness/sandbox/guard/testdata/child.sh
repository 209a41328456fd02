# shellcheck shell=bash
# Stands in for the session's child file: says that it was read, and puts the
# caller's BASH_ENV back.
unset BASH_ENV
if [[ -v SHELLRIG_BASH_ENV ]]; then
  export BASH_ENV=$SHELLRIG_BASH_ENV
  unset SHELLRIG_BASH_ENV
fi
echo "child file read"
