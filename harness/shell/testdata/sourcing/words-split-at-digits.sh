#!/bin/bash
# shellcheck disable=SC2034
IFS=0123456789./_
readonly IFS
