#!/bin/bash
# Each function calls the program `backend` with the words `a` and `b c`, on one line, by the route that it is named for.
# shellcheck disable=SC1090,SC2016,SC2034,SC2086,SC2154,SC2317,SC2312,SC2024
plain() {
  backend a 'b c'
}
by_absolute_path() {
  /usr/bin/backend a 'b c'
}
with_an_assignment() {
  SETTING=1 backend a 'b c'
}
in_a_subshell() {
  (backend a 'b c')
}
in_nested_subshells() {
  (: first; (: second; (backend a 'b c'); :))
}
in_a_substitution() {
  local text
  text=$(backend a 'b c')
  echo "$text"
}
in_a_condition() {
  if backend a 'b c'; then :; fi
}
in_a_list() {
  false || ! backend a 'b c' || :
}
in_a_loop() {
  while backend a 'b c'; do break; done
}
first_of_a_pipeline() {
  backend a 'b c' | cat
}
last_of_a_pipeline() {
  echo input | backend a 'b c'
}
inside_a_pipeline() {
  echo input | backend a 'b c' | cat
}
in_the_background() {
  backend a 'b c' &
  wait
}
in_the_background_of_a_group() {
  { :; backend a 'b c'; } &
  wait
}
by_command() {
  command backend a 'b c'
}
by_exec() {
  (exec backend a 'b c')
}
by_eval() {
  eval 'backend a "b c"'
}
by_a_variable() {
  local command=backend
  "$command" a 'b c'
}
by_an_array() {
  local command=(backend a 'b c')
  "${command[@]}"
}
run_words() { "$@"; }
by_a_wrapper_function() {
  run_words backend a 'b c'
}
by_a_trap() {
  trap 'backend a "b c"' USR1
  kill -USR1 "$BASHPID"
}
by_an_exit_trap() {
  trap 'backend a "b c"' EXIT
}
by_an_exit_trap_of_a_subshell() {
  (trap 'backend a "b c"' EXIT; :)
}
by_bash() {
  bash -c 'backend a "b c"'
}
by_bash_with_options() {
  bash -euo pipefail -c 'backend "$@"' name a 'b c'
}
by_bash_from_a_document() {
  bash <<<'backend a "b c"'
}
by_sh() {
  sh -c 'backend a "b c"; :'
}
by_sh_that_becomes_it() {
  sh -c 'exec backend a "b c"'
}
by_dash() {
  dash -c 'backend a "b c"; :'
}
by_timeout() {
  timeout 5 backend a 'b c'
}
by_timeout_in_the_foreground() {
  timeout --foreground -k 1 5 backend a 'b c'
}
by_env() {
  env SETTING=1 backend a 'b c'
}
by_env_without_environment() {
  env -i backend a 'b c'
}
by_env_without_environment_and_bash() {
  env -i bash -c 'backend a "b c"; :'
}
by_xargs() {
  printf '%s\n' a 'b c' | xargs -d '\n' backend
}
by_xargs_and_bash() {
  echo 'b c' | xargs -I{} bash -c 'backend a "{}"'
}
by_nohup() {
  nohup backend a 'b c' 2>/dev/null
}
by_nice() {
  nice -n 1 backend a 'b c'
}
by_setsid() {
  setsid -w backend a 'b c'
}
by_flock() {
  flock /tmp/lock backend a 'b c'
}
by_find() {
  find /etc/hostname -exec backend a 'b c' \;
}
by_find_and_many() {
  find /etc/hostname -execdir backend a 'b c' ';'
}
by_perl() {
  perl -e 'system("backend", "a", "b c")'
}
by_awk() {
  awk 'BEGIN { system("backend a \"b c\"") }'
}
by_several_runners() {
  nice timeout 5 env SETTING=1 nohup bash -c 'timeout 5 backend a "b c"' 2>/dev/null
}
by_process_substitution() {
  cat <(backend a 'b c')
}
by_a_coprocess() {
  # It stays until it was read: bash closes the pipes of one that has ended.
  coproc { backend a 'b c'; echo; read -r _; }
  head -n 1 <&"${COPROC[0]}"
  echo >&"${COPROC[1]}"
  wait
}
through_a_function_of_a_child() {
  child_function() { backend "$@"; }
  export -f child_function
  bash -c 'child_function a "b c"'
}
