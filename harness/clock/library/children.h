/*
 * A process that waits for its children says so: it costs it two words of
 * memory, and process 1 a question to the kernel less in each of its looks
 * (look.h). Who leaves the wait by a jump out of a handler of signals, as shells
 * do, takes it back when it waits for time, or executes a program; until then it
 * goes unseen that it has run, not that it runs.
 *
 * Who is sent a signal while it waits hears of that before it hears of a child
 * that has ended. Where a whole group is asked to end both come at once, and what
 * a shell says and does then depends on which of the two it meets first.
 */
#pragma once
#include "page.h"
#include "signals.h"
#include <sys/wait.h>

static void say_it_waits(int pid)
{
    SET(shared->parents[pid % PARENTS], pid);
}

static void take_back(int pid)
{
    swap(&shared->parents[pid % PARENTS], pid, 0);
}

/* As wait4(), without WNOHANG. */
static long wait_for_child(pid_t child, int *status, int options)
{
    unsigned before = signals;
    siginfo_t info;
    idtype_t of = child > 0 ? P_PID : child == -1 ? P_ALL : P_PGID;
    long result = syscall(SYS_waitid, of, child > 0 ? child : child == -1 ? 0 : -child, &info, WNOWAIT | WEXITED | options, NULL);
    if (result) return result;
    if (signals == before) return syscall(SYS_wait4, child, status, options, NULL);
    errno = EINTR;
    return -1;
}
