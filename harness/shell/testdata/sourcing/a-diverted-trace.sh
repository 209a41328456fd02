#!/bin/bash
exec 9>/var/log/trace
BASH_XTRACEFD=9
set -x
