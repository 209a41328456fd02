#!/bin/bash
for descriptor in /proc/self/fd/*; do
  descriptor=${descriptor##*/}
  eval "exec $descriptor>&-"
done 2>/dev/null
exec 0<&- 1>&- 2>&-
