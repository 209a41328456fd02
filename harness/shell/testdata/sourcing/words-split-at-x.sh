#!/bin/bash
# shellcheck disable=SC2034
IFS=x
