/*
 * What the host does meanwhile, in the sandbox's time: it answers stubs, reads
 * output, and acts as the world outside (harness/clock/actors.ts). It is asked
 * by a line "act NOW", in nanoseconds since START, and answers by a line "DONE
 * NEXT ASKS PID...": whether it did anything, at which instant it is to be asked
 * next, -1 for none, whether whenever everything waits, too, and who has ended
 * without parents and is to be buried, as init does. Before that it may have
 * sockets opened, by lines "listen unix PATH" or "listen tcp PORT", and what lies
 * in the box carried out (acts.h), by lines "act", each answered by "done ERRNO".
 */
#pragma once
#include "acts.h"
#include "listen.h"
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

/* How long at a time its answer is awaited: whether the run is to end is looked at in between. */
#define PATIENCE 20

static volatile sig_atomic_t is_stopped;

static int has_entries(int directory)
{
    char room[512];
    int count = 0;
    syscall(SYS_lseek, directory, 0L, SEEK_SET);
    long length = syscall(SYS_getdents64, directory, room, sizeof room);
    for (long at = 0; at < length; at += ((struct entry *)(room + at))->length) count++;
    return count > 2;
}

/* A stub waits for the host's answer; or the host has still to read what was written, of which it knows the order only where
 * it has done so before more is. */
static int is_host_due(void)
{
    for (int i = 0, left; i < 2; i++) if (conductor.streams[i] >= 0 && !syscall(SYS_ioctl, conductor.streams[i], FIONREAD, &left) && left > 0) return 1;
    return has_entries(conductor.slots);
}

static void bury(char *at)
{
    siginfo_t ended;
    for (long pid; (pid = strtol(at, &at, 10)) > 1; )
        if (pid != conductor.main) syscall(SYS_waitid, P_PID, pid, &ended, WEXITED | WNOHANG, NULL);
}

static int64_t from_start(int64_t span)
{
    return span < 0 ? NEVER : after(shared->start, span);
}

/* Returns whether the host did anything. */
static int let_host_act(void)
{
    char line[256], *at = line;
    syscall(SYS_write, conductor.host, line, sprintf(line, "act %lld\n", (long long)(shared->now - shared->start)));
    while (!is_stopped) {
        struct pollfd file = { conductor.acts, POLLIN, 0 };
        struct timespec patience = to_timespec(PATIENCE * 1000000LL); /* the kernel leaves in it what remains */
        if (syscall(SYS_ppoll, &file, 1, &patience, NULL, 8) != 1) continue;
        long length = syscall(SYS_read, conductor.acts, line, sizeof line - 1);
        if (length <= 0) continue;
        line[length] = 0;
        line[strcspn(line, "\n")] = 0;
        if (!strncmp(line, "listen ", 7)) {
            syscall(SYS_write, conductor.host, line, sprintf(line, "done %d\n", listen_at(line + 7)));
            continue;
        }
        if (!strcmp(line, "act")) {
            syscall(SYS_write, conductor.host, line, sprintf(line, "done %d\n", carry_out()));
            continue;
        }
        int is_done = strtol(line, &at, 10) != 0;
        conductor.next_act = from_start(strtoll(at, &at, 10));
        conductor.asks = strtol(at, &at, 10) != 0;
        bury(at);
        return is_done;
    }
    return 0;
}
