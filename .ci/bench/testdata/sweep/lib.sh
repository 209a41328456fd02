#!/bin/bash
# A change of a configuration in thirty steps, the last ones by programs.
configure() {
  local file=/opt/agent/agent.conf draft line name value count=0
  draft=$file.new
  for line in mode=strict level=3 port=8080; do
    name=${line%%=*}
    value=${line#*=}
    if [[ -n $value ]]; then
      printf '%s = %s\n' "$name" "$value"
      ((count += 1))
    fi
  done >"$draft"
  [[ $count -eq 3 ]] || return 1
  chmod 0640 "$draft" || return 1
  mv -fT "$draft" "$file" || return 1
  systemctl restart agent
}
