#!/bin/bash
# A script that waits for something while it is sourced.
until [ -e /ready ]; do
  sleep 0.1
done
