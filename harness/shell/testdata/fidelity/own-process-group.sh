#!/bin/bash
main() {
  trap 'echo "TERM for the group"; exit 9' TERM
  sleep 5 &
  kill -TERM -- -$$
  wait
  echo "never"
}
