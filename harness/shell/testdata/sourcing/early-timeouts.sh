#!/bin/bash
# shellcheck disable=SC2034
readonly TMOUT=1
