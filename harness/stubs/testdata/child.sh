#!/bin/bash
# A script of its own.
work() {
  backend "$@"
}
work a 'b c'
