#!/bin/bash
# shellcheck disable=SC2123
PATH=
