#!/usr/bin/env bash
printf '%s\n' "$*" >>"$STATE_DIRECTORY/calls"
