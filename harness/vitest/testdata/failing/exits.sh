#!/bin/bash
# A script that is meant to be run: sourcing it ends the shell.
echo "usage: exits.sh FILE" >&2
exit 2
