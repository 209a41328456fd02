#!/bin/bash
# shellcheck disable=SC2005,SC2016,SC2116,SC2312
lines() {
  echo "$LINENO" \
    "$LINENO"
  for word in \
    a b; do
    echo "$word $LINENO"
  done
  cat <<TEXT
$LINENO
TEXT
  eval 'echo "$LINENO"
echo "$LINENO"'
  (echo "$LINENO")
  echo "$(echo "$LINENO")"
}
main() {
  lines
  echo "$LINENO"
  local command='echo "$LINENO"'
  eval "$command"
  nosuchcommand_of_fidelity
}
