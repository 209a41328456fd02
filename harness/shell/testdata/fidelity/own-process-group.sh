#!/bin/bash
main() {
  trap 'echo "TERM for the group"; exit 9' TERM
  sleep 5 &
  sleep 0.1
  kill -TERM -- -$$
  wait
  echo "never"
}
