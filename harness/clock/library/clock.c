/*
 * The clock of a sandbox: a library that it loads into every dynamically linked
 * process, beside the guard, for shells whose time is virtual. Functions that
 * read the clock, wait by it or tell the times of files use the instant that
 * all processes of the sandbox share (page.h, instant.h, waits.h, threads.h,
 * timers.h, file-times.h). Process 1 moves it, when everything waits (builtin.h,
 * conduct.h, look.h).
 *
 * A function here may run between vfork and exec and in a signal handler. So:
 * system calls and string functions only, errno as the real one leaves it. What
 * is process 1's alone runs where bash runs a builtin and may use what those
 * use. No symbol newer than glibc 2.17, hence no dlsym: what cannot be done by
 * system calls is not stood in for. That is: timers that start a thread,
 * pthread_mutex_timedlock, and waits within glibc itself, as of its resolver; nor
 * are files that wait themselves (timed-files.h). A run that waits so is told of
 * it (really.h).
 */
#define _GNU_SOURCE
#include "waits.h"
#include "jobs.h"
#include "timers.h"
#include "threads.h"
#include "file-times.h"
#include "early.h"
#include "builtin.h"

__attribute__((constructor)) static void start(void)
{
    known_process = syscall(SYS_getpid);
    if (known_process == 1) add_builtin();
    else if (page()) {
        take_back(known_process);
        lose_timers();
    }
}
