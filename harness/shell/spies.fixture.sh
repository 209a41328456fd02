#!/bin/bash
# Calls of stubs and of spies.

greet() {
  curl x
  echo a | sed s/a/b/
  awk 'BEGIN { exit 0 }' || echo b | cut -c1
}
