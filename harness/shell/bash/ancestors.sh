# What a process was started by: of stubs, and of bash children.
# shellcheck shell=bash disable=SC2034

# The process and those that led to it, innermost first, into _rig_chain.
_rig_find_ancestors() {
  builtin local _rig_at _rig_line
  _rig_chain=$BASHPID _rig_at=$BASHPID
  while ((_rig_at > 1)) && builtin read -r _rig_line <"/proc/$_rig_at/stat"; do
    _rig_line=${_rig_line##*) ? }
    _rig_at=${_rig_line%% *}
    _rig_chain+=,$_rig_at
  done 2>/dev/null
}
