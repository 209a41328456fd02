# What `given` declared, applied to the fork: fields of the request in the order that protocol.ts writes them.
# shellcheck shell=bash disable=SC2004,SC2154
_rig_apply() {
  builtin local _rig_at=12 _rig_item='' _rig_count='' _rig_name='' _rig_kind='' _rig_index=''
  builtin local -a _rig_list
  if [[ -n ${_rig_request[3]} ]]; then
    _rig_unpack "$_rig_box/given.tar" given || builtin exit 1
  fi
  [[ -z ${_rig_request[10]} ]] || _rig_witness begin
  if [[ $PWD != "${_rig_request[5]}" ]]; then
    if ! builtin cd -- "${_rig_request[5]}" 2>/dev/null; then
      builtin printf 'G1\0cwd: %s is no directory of the sandbox\0' "${_rig_request[5]}" >>"$_rig_box/log"
      builtin exit 1
    fi
    # As a new shell has it: exported, and without a value.
    builtin unset -v OLDPWD
    builtin export OLDPWD
  fi
  # What a process may write of memory, not what it reserves of addresses: large programs reserve a lot.
  {
    builtin ulimit -d "${_rig_request[7]}"
    builtin ulimit -u "${_rig_request[8]}"
  } 2>/dev/null
  _rig_take
  _rig_exports=("${_rig_list[@]}")
  for _rig_item in "${_rig_list[@]}"; do
    builtin export "${_rig_item?}"
  done
  _rig_count=${_rig_request[_rig_at++]}
  while ((_rig_count-- > 0)); do
    _rig_name=${_rig_request[_rig_at]} _rig_kind=${_rig_request[_rig_at + 1]}
    ((_rig_at += 2, 1))
    case $_rig_kind in
      s)
        builtin declare -g -- "$_rig_name=${_rig_request[_rig_at++]}"
        ;;
      a)
        _rig_take
        builtin unset -v "$_rig_name"
        builtin declare -g -a "$_rig_name=()"
        builtin declare -n "_rig_ref=$_rig_name"
        _rig_ref=("${_rig_list[@]}")
        builtin unset -n _rig_ref
        ;;
      A)
        _rig_take
        builtin unset -v "$_rig_name"
        builtin declare -g -A "$_rig_name=()"
        builtin declare -n "_rig_ref=$_rig_name"
        for ((_rig_index = 0; _rig_index < ${#_rig_list[@]}; _rig_index += 2)); do
          _rig_ref[${_rig_list[_rig_index]}]=${_rig_list[_rig_index + 1]}
        done
        builtin unset -n _rig_ref
        ;;
    esac
  done
  _rig_take
  _rig_command=("${_rig_list[@]}")
  if [[ -n ${_rig_request[9]} ]]; then
    builtin mapfile -d '' -t _rig_stub_names <"$_rig_box/stubs"
    builtin mapfile -d '' -t _rig_spy_names <"$_rig_box/spies"
    _rig_stub_functions
  elif ((${#_rig_stub_names[@]} > 0)); then
    _rig_define
  fi
  _rig_moment begin
}

# The next list: its length, then its items.
_rig_take() {
  _rig_list=("${_rig_request[@]:_rig_at+1:_rig_request[_rig_at]}")
  ((_rig_at += _rig_request[_rig_at] + 1, 1))
}
