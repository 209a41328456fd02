#!/bin/bash
# Sourced before the scripts: then they run in a shell that forgives nothing.
set -euo pipefail
