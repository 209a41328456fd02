#!/bin/bash
greet() {
  echo "hello $1"
}

count() {
  local number
  for number in 1 2; do
    notify "$number" || echo "nobody hears $number"
  done
  (exit 3)
  [ -e /done ]
}
