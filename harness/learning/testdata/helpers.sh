#!/bin/bash
# What another script would have to source.
log_line() { echo "log: $1"; }
