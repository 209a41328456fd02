/*
 * What process 1 holds open while it conducts a run, and no longer: nothing of
 * it is left to the next one, or to a fork.
 */
#pragma once
#include "waiters.h"
#include <sys/prctl.h>
#include <sys/resource.h>

#define BOX "/run/shellrig/box/"

/* Nothing waits for a file here: the host holds all of them open. */
static int open_file(const char *name, int flags)
{
    return syscall(SYS_openat, AT_FDCWD, name, flags | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

/* Of no use to a run in which nobody waits. */
static void open_all(void)
{
    if (conductor.is_open) return;
    conductor.is_open = 1;
    getrlimit(RLIMIT_NOFILE, &conductor.files);
    setrlimit(RLIMIT_NOFILE, &(struct rlimit){ conductor.files.rlim_max, conductor.files.rlim_max });
    conductor.slack = prctl(PR_GET_TIMERSLACK);
    prctl(PR_SET_TIMERSLACK, 1);
    conductor.world = (struct world){ .proc = open_file("/proc", O_RDONLY | O_DIRECTORY) };
    conductor.world.parents = calloc(KNOWN, sizeof *conductor.world.parents);
    conductor.world.load = open_file("/proc/loadavg", O_RDONLY);
    conductor.world.machine = open_file("/proc/stat", O_RDONLY);
    conductor.slots = open_file(BOX "slots", O_RDONLY | O_DIRECTORY);
    conductor.streams[0] = open_file(BOX "out", O_RDWR);
    conductor.streams[1] = open_file(BOX "err", O_RDWR);
    conductor.host = open_file(BOX "host", O_WRONLY);
    conductor.acts = open_file(BOX "acts", O_RDONLY);
    conductor.log = open_file(BOX "log", O_WRONLY | O_APPEND);
    conductor.stamped = open_file(BOX "clock", O_WRONLY);
}

static void close_all(void)
{
    if (!conductor.is_open) return;
    conductor.is_open = 0;
    while (conductor.listening) syscall(SYS_close, conductor.listeners[--conductor.listening]);
    const int files[] = { conductor.world.proc, conductor.world.load, conductor.world.machine, conductor.slots, conductor.streams[0], conductor.streams[1], conductor.log, conductor.stamped, conductor.acts, conductor.host };
    while (conductor.world.count) drop(&conductor.world, conductor.world.count - 1);
    free(conductor.world.all);
    free(conductor.world.parents);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) if (files[i] >= 0) syscall(SYS_close, files[i]);
    setrlimit(RLIMIT_NOFILE, &conductor.files);
    prctl(PR_SET_TIMERSLACK, conductor.slack);
}
