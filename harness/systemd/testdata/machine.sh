#!/bin/bash
# Brings its unit beside it, as scripts do that are installed by links.

install_unit() {
  mkdir -p /etc/systemd/system
  ln -s "${BASH_SOURCE[0]%/*}/agent.service" /etc/systemd/system/
  systemctl enable agent
}
