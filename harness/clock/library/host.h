/*
 * What the host does meanwhile, in the sandbox's time: it answers stubs, reads
 * output, and acts as the world outside (harness/clock/actors.ts). It is asked
 * by a line "act NOW", in nanoseconds since START, and answers by a line "DONE
 * NEXT ASKS": whether it did anything, at which instant it is to be asked next,
 * -1 for none, and whether whenever everything waits, too. Before that it may
 * have sockets opened, by lines "listen unix PATH" or "listen tcp PORT", and what
 * lies in the box carried out (acts.h), by lines "act", each answered by "done
 * ERRNO".
 */
#pragma once
#include "acts.h"
#include "listen.h"
#include <poll.h>
#include <stdio.h>

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

/* A stub waits for the host's answer, or a writer for the host to read: a pipe that takes no more is none to write to. */
static int is_host_due(void)
{
    struct pollfd streams[] = { { conductor.streams[0], POLLOUT, 0 }, { conductor.streams[1], POLLOUT, 0 } };
    struct timespec at_once = { 0, 0 };
    syscall(SYS_ppoll, streams, 2, &at_once, NULL, 8);
    for (int i = 0; i < 2; i++) if (streams[i].fd >= 0 && !(streams[i].revents & POLLOUT)) return 1;
    return has_entries(conductor.slots);
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
        conductor.asks = strtol(at, NULL, 10) != 0;
        return is_done;
    }
    return 0;
}
