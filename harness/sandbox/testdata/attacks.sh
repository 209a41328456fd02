#!/bin/bash
# What scripts do by mistake, or worse, to the machine they run on.
# shellcheck disable=SC2264,SC2114,SC2115 # dangerous on purpose, in a sandbox

fork_bomb() { bomb() { bomb | bomb & }; bomb; wait; sleep 60; }
quiet_fork_bomb() { fork_bomb 2>/dev/null; }
many_sleepers() { for ((i = 0; i < 200; i++)); do sleep 50 & done; wait; }

memory_hog() { local hog=x; while :; do hog+=$hog; done; }
memory_hog_in_a_program() { tail /dev/zero; }

endless_output() { yes; }
endless_errors() { yes >&2; }
endless_output_of_builtins() { while :; do echo "and again"; done; }
endless_output_in_the_background() { yes & sleep 60; }

fill_the_disk() { cat /dev/zero >/tmp/full; }
fill_memory_files() { cat /dev/zero >/dev/shm/full; }
fill_the_box() { cat /dev/zero >/run/shellrig/box/full; }
fill_the_log() { cat /dev/zero >>/run/shellrig/box/log; }

remove_everything() { rm -rf --no-preserve-root / 2>/dev/null; }
remove_all_that_is_listed() { rm -rf /* 2>/dev/null; exit 3; }
remove_run() { rm -rf /run/*; }
remove_the_box_and_wait() { rm -rf /run/shellrig/box/*; sleep 60; }
close_everything_to_everybody() { chmod -R 000 / 2>/dev/null; }
give_everything_away() { chown -R 1234:1234 / 2>/dev/null; }
truncate_everything() { find / -xdev -type f -exec truncate -s 0 {} +; find /run -type f -exec truncate -s 0 {} +; }
write_over_the_box() { for file in /run/shellrig/box/*; do [[ -p $file ]] || echo nonsense >"$file"; done; }
write_beside_the_script() { echo nonsense >>"${BASH_SOURCE[0]}" || echo changed >"${BASH_SOURCE[0]%/*}/new"; }
replace_the_harness() { cp /bin/true /run/shellrig/bash/run.sh || mv /run/shellrig/bash /run/shellrig/sh || rm -rf /run/shellrig/bash; }
replace_the_tools() { rm -f /usr/bin/*; cp /dev/null /run/shellrig/host/bin/tar; }

kill_all() { kill -9 -1; }
kill_my_group() { kill -9 0; }
terminate_all() { kill -TERM -1; kill -HUP -1; kill -INT -1; sleep 60; }
kill_process_one() { kill -9 1; kill -SEGV 1; kill -STOP 1; echo "still here"; }
signal_process_one() { local signal; for ((signal = 1; signal < 64; signal++)); do kill -$signal 1; done; sleep 0.1; echo "still here"; }
interrupt_process_one() { kill -INT 1; sleep 0.1; echo "still here"; }
stop_myself() { kill -STOP "$BASHPID"; }
stop_my_parent_and_myself() { kill -STOP $$; kill -STOP "$BASHPID"; }

become_a_sleeper() { exec sleep 1000; }
close_descriptors() { local fd; for fd in /proc/self/fd/*; do eval "exec ${fd##*/}>&-"; done; sleep 60; }
close_descriptors_and_end() { local fd; for ((fd = 0; fd < 300; fd++)); do eval "exec $fd>&-"; done; }
ignore_signals() { trap '' TERM INT HUP QUIT EXIT; while :; do sleep 1000; done; }
never_end() { while :; do :; done; }
wait_for_input() { read -r _ <>/run/shellrig/box/idle; }
steal_the_word() { (exec </run/shellrig/box/go; cat) & sleep 60; }
leave_orphans() { setsid sleep 1000 & (setsid bash -c 'trap "" TERM HUP; sleep 1000' &); }
forks_that_never_end() { local depth=${1:-0}; ((depth > 6)) || while :; do forks_that_never_end $((depth + 1)) & sleep 0.01; done; }
leave_forks_that_never_end() { forks_that_never_end 2>/dev/null & }

well() { echo "well"; }
