#!/bin/sh
# shellcheck disable=SC3030,SC3054 # the point: arrays are bash's, and sh must refuse them
x=(1 2)
echo "${x[1]}"
