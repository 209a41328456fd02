#!/bin/bash
# What it does while it is sourced is said by the spec.
# shellcheck source=/dev/null
. /given.sh
