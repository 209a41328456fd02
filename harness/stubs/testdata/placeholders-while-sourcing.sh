#!/bin/bash
# Asks a program while it is sourced.
state=$(backend state)
[[ -n $state ]] || exit 3
