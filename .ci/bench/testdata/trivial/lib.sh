# shellcheck shell=bash
greet() {
  printf 'hello %s\n' "$1"
}
