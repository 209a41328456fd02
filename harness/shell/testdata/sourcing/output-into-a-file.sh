#!/bin/bash
exec >/var/log/sourcing.log 2>&1
exec 3>&-
