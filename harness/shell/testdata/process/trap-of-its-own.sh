#!/bin/bash
# A trap that is set while sourcing and means this very process.
trap 'echo "leaving $([[ $$ == "$BASHPID" ]] || echo a substitution of the) same process"' EXIT
work() { echo work; }
