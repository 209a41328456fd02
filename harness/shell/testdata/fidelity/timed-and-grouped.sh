#!/bin/bash
main() {
  TIMEFORMAT='timed'
  time true
  { echo out; echo err >&2; } 2>&1 | sort
  printf -v made '%05d' 42
  echo "$made"
  printf '%s\n' {a..c}{1,2}
  echo $'\x01\xff' | od -An -tx1
}
