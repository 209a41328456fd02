#!/bin/bash
# How a script looks at a command before it calls it, and calls it in a shell of many moods.
# shellcheck disable=SC2034,SC2046,SC2086,SC2317,SC2312
look() {
  command -v backend
  type -P backend
  type -t backend
  hash backend && hash -t backend
  [ -x "$(command -v backend)" ] && [ -f /usr/bin/backend ] && [[ -x /usr/bin/backend && ! -L /usr/bin/backend && -s /usr/bin/backend ]] && echo executable
  which backend
  stat -c '%A %U:%G' /usr/bin/backend
  declare -F backend || echo "no function"
  compgen -c backend | sort -u
}
call() { backend one 'two words' ''; echo "code $?"; }
call_with_options() { set -eux; backend one 'two words' ''; set +x; echo "code $?"; }
call_under_noclobber() { set -C; call; }
call_with_odd_words() { local IFS='012x./'; call; }
call_with_exported_options() { set -x -o noclobber; export SHELLOPTS BASHOPTS; call; set +x; }
call_with_an_err_trap() { set -E; trap 'echo "ERR $?"' ERR; call; }
call_without_environment() { env -i /usr/bin/backend one 'two words' ''; echo "code $?"; }
call_with_odd_environment() {
  env IFS=x BASH_ENV=/etc/hosts ENV=/etc/hosts POSIXLY_CORRECT=1 LC_ALL=C FUNCNEST=1 TMOUT=1 PS4=x SHELLOPTS=xtrace BASH_XTRACEFD=1 backend one 'two words' ''
  echo "code $?"
}
call_with_input_closed() { backend one 'two words' '' <&-; echo "code $?"; }
call_with_output_closed() { backend one 'two words' '' >&-; echo "code $?"; }
call_with_errors_closed() { backend one 'two words' '' 2>&-; echo "code $?"; }
call_with_all_closed() { backend one 'two words' '' <&- >&- 2>&-; echo "code $?"; }
call_without_a_directory() {
  mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone
  call
}
call_without_a_directory_or_environment() {
  mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone
  call_without_environment
}
call_as_another_user() { setpriv --reuid 1001 --regid 1001 --clear-groups backend one 'two words' ''; echo "code $?"; }
call_with_a_closed_mask() { umask 777; call; umask 022; }
call_with_few_descriptors() { ulimit -n 10; call; }
call_by_another_name() { ln -s /usr/bin/backend /tmp/alias; /tmp/alias one 'two words' ''; echo "code $?"; }
call_with_exported_functions() {
  printf() { echo fake; }
  read() { echo fake; }
  export -f printf read
  unset -f printf read
  bash -c 'printf() { echo fake; }; export -f printf; backend one "two words" ""'
  echo "code $?"
}
