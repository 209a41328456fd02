#!/bin/bash
# $_ after all kinds of commands.
# shellcheck disable=SC2034,SC2050,SC2312
take() { echo "in: $_ $*"; : nested words; }
main() {
  : one two
  echo "$_"
  take a b
  echo "$_"
  local x=5
  echo "$_"
  x=6
  echo "$_"
  [[ a == b ]]
  echo "$_"
  true | : piped
  echo "$_"
  mkdir -p "$(mktemp -d)/deep" && [[ -d $_ ]] && echo "kept"
  for x in p q; do :; done
  echo "$_"
  (: inside; echo "$_")
  echo "$_"
  echo "$(: sub; echo "$_")"
  bash -c 'echo "$0 $#"' child
}
