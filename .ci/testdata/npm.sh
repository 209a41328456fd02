#!/bin/sh
# Stands in for npm: tells how it was called, prints what SAYS says, as npm test does, and exits with ENDS.
echo "npm $* CI=$CI stdin=$(cat)"
printf '%b' "$SAYS"
exit "$ENDS"
