#!/bin/bash
# shellcheck disable=SC2317
if [ -n "${NOPE-}" ]; then
  if_asked() { echo; }
fi
outer() {
  inner() { echo; }
}
