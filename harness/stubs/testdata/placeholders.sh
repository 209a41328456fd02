#!/bin/bash
# Asks a program and a function, uses a variable and a file, and goes on whatever they say.

helper() { return 3; }

asks() {
  backend status "$VERSION"
  helper 'two words'
  cat /etc/asks.conf
  echo "asked, $?"
}
