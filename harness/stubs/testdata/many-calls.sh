#!/bin/bash
# Calls of awkward shapes and numbers.
# shellcheck disable=SC2016,SC2034
long() { backend "$(head -c 100000 /dev/zero | tr '\0' "$1")" tail; }
shapes() {
  "$1"
  "$1" ''
  "$1" '' '' ''
  "$1" $'\n' $'a\nb\n' $'\n\n'
  "$1" $'\xff\xfe' $'\x01\x1b[31m' '%s\0\\n' '$HOME `id` "quoted"' -- -n -e
  "$1" 'ünïcödé ☃' $'tab\tand\rreturn'
}
at_once() {
  local number
  for ((number = 0; number < $1; number++)); do
    backend "$number" "line one
line two of $number" &
  done
  wait
}
big_at_once() {
  local number text
  text=$(head -c 5000 /dev/zero | tr '\0' x)
  for ((number = 0; number < $1; number++)); do
    backend "$number" "$text" &
  done
  wait
}
in_order() {
  local number
  for ((number = 0; number < 20; number++)); do
    case $((number % 4)) in
      0) backend "$number" ;;
      1) (backend "$number") ;;
      2) bash -c 'backend "$1"' _ "$number" ;;
      3) stand_in "$number" ;;
    esac
  done
}
stand_in() { :; }
slow() {
  sleep 0.05
  backend first
  sleep 0.1
  stand_in second
}
