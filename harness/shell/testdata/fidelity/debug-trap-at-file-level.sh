#!/bin/bash
count=0
trap '((count += 1, 1))' DEBUG
main() {
  trap -p DEBUG
  trap - DEBUG
  trap -p DEBUG
  echo "$((count > 0))"
}
