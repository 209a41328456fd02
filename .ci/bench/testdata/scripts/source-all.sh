# shellcheck shell=bash source=/dev/null
# Sources every script of $SCRIPTS, a list separated by colons, then the function that is called.
# shellcheck disable=SC2153 # from the environment
IFS=: read -ra scripts <<<"$SCRIPTS"
for script in "${scripts[@]}"; do
  . "$script" >/dev/null
done
. "$BENCH/trivial/lib.sh"
