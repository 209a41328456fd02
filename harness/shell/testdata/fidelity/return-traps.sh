#!/bin/bash
# A RETURN trap belongs to the function that set it, not to those that it calls.
# shellcheck disable=SC2317
helper() { echo "helper $1"; }
nested() {
  trap 'echo "nested returns"; trap - RETURN' RETURN
  helper in-nested
}
work() {
  local scratch=kept
  trap 'echo "removing $scratch"; trap - RETURN' RETURN
  helper one
  [[ -n $(helper two) ]]
  (helper three)
  echo "last"
}
tail_call() {
  trap 'echo "tail_call returns"; trap - RETURN' RETURN
  helper tail
}
main() {
  work
  helper after
  nested
  tail_call
  trap -p RETURN
}
