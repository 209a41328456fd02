#!/bin/bash
# Flatcar has no package manager that would need help: cse_helpers.sh has all that it takes.

echo "Sourcing cse_helpers_distro.sh for Flatcar"
