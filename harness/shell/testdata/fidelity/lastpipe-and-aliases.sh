#!/bin/bash
shopt -s lastpipe expand_aliases
alias say='echo said' echo='echo aliased'
# shellcheck disable=SC2262
main() {
  local got
  echo word | read -r got
  say "$got"
  type -t say echo read
  unalias say echo
  alias
}
