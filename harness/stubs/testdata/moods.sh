# Callers that a stub may find itself with: each calls `backend` once.
# shellcheck shell=bash
in_a_directory() {
  cd /etc && backend
}
in_a_linked_directory() {
  ln -s /etc /tmp/link && cd /tmp/link && backend
}
in_a_directory_that_goes() {
  mkdir /tmp/gone && cd /tmp/gone && rmdir /tmp/gone && backend
}
with_another_pwd() {
  (PWD=/tmp && export PWD && exec backend)
}
with_a_pwd_of_dots() {
  env PWD=/etc/../etc/. bash -c 'cd /; exec env PWD=/etc/../ backend'
}
without_environment() {
  env -i /usr/bin/backend
}
with_closed_output() {
  backend >&- 2>&-
}
with_closed_descriptors() {
  backend <&- >&- 2>&-
}
with_a_full_device() {
  backend >/dev/full
}
with_nobody_who_reads() {
  mkfifo /tmp/pipe && exec 3<>/tmp/pipe
  exec 4>/tmp/pipe 3>&-
  backend >&4
  true
}
with_words() {
  backend '' "it's" $'two\nlines' -- '=' "$(printf '\xff')" "$(head -c 100000 /dev/zero | tr '\0' x)"
}
with_input() {
  backend <<<input
}
with_a_script_of_its_own() {
  bash "$(command -v backend)"
}
as_another_user() {
  setpriv --reuid 1001 --regid 1001 --clear-groups backend
}
in_the_background() {
  backend &
  wait "$!"
}
