#!/bin/bash
# shellcheck disable=SC2034,SC2194,SC2206,SC2312,SC2320
set -f -C
set -o posix
IFS=:
shopt -s nullglob extglob
main() {
  local words=(*) path=a:b:c
  local parts=($path)
  echo "${#words[@]} ${#parts[@]} ${parts[*]}"
  local file
  file=$(mktemp)
  echo again >"$file"
  echo "$?"
  echo again >|"$file"
  set +f
  local none=(/nonexistent/*)
  echo "${#none[@]}"
  case foobar in foo@(bar|baz)) echo extglob ;; esac
  set +o posix
  set -o | grep -v -e functrace -e history -e emacs
  shopt | grep on
}
