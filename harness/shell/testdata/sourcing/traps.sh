#!/bin/bash
trap 'true debug' DEBUG
trap 'true error' ERR
trap 'true exit' EXIT
trap 'true return' RETURN
trap '' TERM HUP
trap 'true usr1' USR1 CHLD
