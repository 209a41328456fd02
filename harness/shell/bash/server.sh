# The fork server: process 1 of a sandbox. Sources the scripts once, at top level, then forks once a run.
# What it hears and says is documented in harness/shell/protocol.ts.
#
# The scripts share this shell. So it trusts nothing that they can change: every builtin is called through
# `builtin`, its FIFOs are opened by path each time, options and traps are parked between runs, and all of it is
# one compound command, read before the first script is, so that aliases do not reach it.
# shellcheck shell=bash disable=SC1090,SC2154
{
  _rig_box=/run/shellrig/box
  # What the host's process happened to leave open is no business of a script's. 255 is bash's own, for this file.
  for _rig_fd in /proc/self/fd/*; do
    _rig_fd=${_rig_fd##*/}
    ((_rig_fd < 3 || _rig_fd == 255)) || exec {_rig_fd}>&-
  done
  exec </dev/null >"$_rig_box/out" 2>"$_rig_box/err"
  BASH_ARGV0=bash _rig_witnessed=
  if ! builtin type _rig_step >/dev/null 2>&1; then
    builtin printf 'The bash of this machine does not take the builtins of shellrig: see what shellrig doctor says.\n' >&2
    exit 1
  fi
  builtin mapfile -d '' -t _rig_start <"$_rig_box/clock"
  if ((${#_rig_start[@]} > 0)); then
    if ! _rig_clock open "${_rig_start[0]}" 2>/dev/null; then
      builtin printf 'A virtual clock needs System V shared memory, which this machine does not give: use the real one.\n' >&2
      exit 1
    fi
    # This shell began by the real clock.
    SECONDS=0
  fi
  builtin . /run/shellrig/bash/load.sh
  builtin . /run/shellrig/bash/whole.sh
  # A fresh process sources the scripts with the stubs that they were sourced with here.
  { for _rig_name in "${_rig_stub_names[@]}"; do builtin printf '%s\0' "$_rig_name"; done; } >"$_rig_box/shell.stubs"
  { for _rig_name in "${_rig_spy_names[@]}"; do builtin printf '%s\0' "$_rig_name"; done; } >"$_rig_box/shell.spies"
  _rig_watch
  for _rig_script in "${_rig_scripts[@]}"; do
    builtin . "$_rig_script"
  done
  # With errtrace, since a function sees no ERR trap without.
  { _rig_flags=$-; builtin set -E; _rig_park_options; _rig_park_traps; } 2>&-
  _rig_redirect /dev/null /dev/null /dev/null
  builtin trap '_rig_stopped=1' RTMAX
  # What bash catches reaches process 1 from inside too, and would end it.
  _rig_signals=(HUP INT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM XCPU XFSZ VTALRM SYS)
  builtin trap '' "${_rig_signals[@]}"
  builtin printf 'sourced\n' >"$_rig_box/host"

  while builtin :; do
    builtin read -r _rig_go <"$_rig_box/go" || builtin continue
    builtin mapfile -d '' -t _rig_request <"$_rig_box/request"
    if [[ ${_rig_request[0]-} == kill ]]; then
      builtin kill -9 -1
      builtin printf 'killed\n' >&"$_rig_host"
      builtin continue
    fi
    if [[ ${_rig_request[0]-} == look ]]; then
      _rig_witness end
      builtin printf 'looked\n' >&"$_rig_host"
      builtin continue
    fi
    _rig_input=${_rig_request[4]:+$_rig_box/stdin}
    _rig_stopped=
    [[ -z ${_rig_request[10]} ]] || { _rig_witnessed=1 && _rig_witness open; }
    [[ -z ${_rig_request[11]} ]] || _rig_clock begin "${_rig_request[11]}"
    # Job control gives the run a process group of its own, as a script started by a service manager has.
    builtin set -m
    {
      builtin set +m
      builtin trap - "${_rig_signals[@]}"
      _rig_redirect "${_rig_input:-/dev/null}" "$_rig_box/out" "$_rig_box/err" "$_rig_host"
      [[ -z $_rig_witnessed || -n ${_rig_request[10]} ]] || _rig_witness
      _rig_prepare
      # Here and not in a file that is sourced, nor under `if`, `&&` or `!`: `set -e`, `set -x` and the call stack are
      # those of a script's top level.
      _rig_resume
      "${_rig_command[@]}"
      { _rig_done "$?" && builtin :; } 2>&- {_rig_last_trace}>&-
    } &
    builtin set +m
    [[ -z ${_rig_request[11]} ]] || _rig_clock run "$!" || _rig_stopped=1
    [[ -n $_rig_stopped ]] || builtin wait "$!"
    _rig_code=$?
    if [[ -n $_rig_stopped ]]; then
      builtin kill -9 -1
      builtin wait "$!"
      _rig_code=$?
    fi
    [[ -z ${_rig_request[10]} ]] || _rig_witness end
    _rig_remove_ipc
    # Nobody left but process 1, to whom that is no signal.
    _rig_alone=
    builtin kill -0 -1 || _rig_alone=alone
    builtin printf 'exit %s %s %s\n' "$_rig_code" "$_rig_stopped" "$_rig_alone" >&"$_rig_host"
    # Held open: a run that removes everything ends with a result like any other.
  done {_rig_host}>"$_rig_box/host"
}
