#!/bin/bash
# shellcheck disable=SC2312
main() {
  echo "level $BASH_SUBSHELL"
  (echo "in ( ) $((BASH_SUBSHELL > 0))")
  [[ $$ == "$BASHPID" ]] && echo "same process"
  (
    [[ $$ != "$BASHPID" ]] && echo "another process, the same \$\$"
  )
  [[ $PPID != "$$" ]] && echo "a parent"
  [[ $(ps -o pgid= -p "$$" | tr -d ' ') -gt 0 ]] && echo "a group"
  [[ $$ == "$(bash -c 'echo $PPID; :')" ]] && echo "its child's parent"
  echo "$((SECONDS < 3))"
  RANDOM=42
  echo "$RANDOM"
}
