#!/bin/bash
# Asks whether commands are there, in the ways that scripts ask; none of them is.
# shellcheck disable=SC2230
by_command_v() { command -v backend; }
by_command_big_v() { command -V backend; }
by_type() { type backend; }
by_type_p() { type -P backend; }
by_hash() { hash backend; }
by_test() { [ -x /usr/bin/backend ]; }
by_double_brackets() { [[ -e /usr/bin/backend || -n $(type -t backend) ]]; }
by_which() { which backend; }
by_test_program() { /usr/bin/test -x /usr/bin/backend; }
by_sh() { sh -c 'command -v backend || [ -x /usr/bin/backend ]'; }
by_dash() { dash -c 'type backend'; }
by_find() { find /usr/bin/ -name backend | grep .; }
by_glob() { compgen -c backend; }
