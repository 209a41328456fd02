/*
 * What a process that waits is waiting in. The kernel says which system call,
 * with its arguments: so a wait by the real clock is seen, of a static program
 * or of a function that this library does not stand in for.
 */
#pragma once
#include "look.h"
#include "timed-files.h"

/* Where each call has its timeout; a pointer, or milliseconds. */
static const struct { int call, argument, is_pointer; } bounded[] = {
    { SYS_nanosleep, 0, 1 }, { SYS_clock_nanosleep, 2, 1 }, { SYS_pselect6, 4, 1 }, { SYS_ppoll, 2, 1 },
    { SYS_epoll_pwait, 3, 0 }, { SYS_futex, 3, 1 }, { SYS_rt_sigtimedwait, 2, 1 },
#ifdef SYS_poll
    { SYS_poll, 2, 0 }, { SYS_select, 4, 1 }, { SYS_epoll_wait, 3, 0 },
#endif
};

/* FUTEX_WAIT and its kin: of others the argument is none. */
static int waits_for_futex(unsigned long operation)
{
    operation &= 0x7f;
    return operation == 0 || operation == 6 || operation == 9 || operation == 11 || operation == 13;
}

/* Text of /proc/PID/syscall: "number 0x... six arguments ...", "-1 ..." or "running". */
static int is_bounded_call(const struct world *world, int pid, const char *text)
{
    char *at;
    unsigned long arguments[6];
    long call = strtol(text, &at, 10);
    if (at == text || call < 0) return 0;
    for (int i = 0; i < 6; i++) arguments[i] = strtoul(at, &at, 16);
    for (size_t i = 0; i < sizeof bounded / sizeof *bounded; i++) {
        if (bounded[i].call != call) continue;
        if (call == SYS_futex && !waits_for_futex(arguments[1])) return 0;
        unsigned long timeout = arguments[bounded[i].argument];
        if (bounded[i].is_pointer ? timeout != 0 : (int)timeout > 0) return 1;
    }
    return waits_for_timed_file(world->proc, pid, call, arguments);
}

enum asked { AWAKE, ASLEEP, BOUNDED, UNKNOWN };

/* A process of another user is not told of. */
static enum asked ask(const struct world *world, int pid, int file)
{
    char text[256];
    if (read_of(world, file, pid, "syscall", text, sizeof text) <= 0) return UNKNOWN;
    return *text == 'r' ? AWAKE : is_bounded_call(world, pid, text) ? BOUNDED : ASLEEP;
}

/* Any thread of it. */
static enum asked ask_all(const struct world *world, const struct process *process)
{
    if (process->threads <= 1) return ask(world, process->pid, process->call);
    enum asked all = ASLEEP;
    struct world tasks = { .proc = open_of(world->proc, process->pid, "task") };
    DIR *list = tasks.proc < 0 ? NULL : fdopendir(tasks.proc);
    for (struct dirent *entry; list && (entry = readdir(list)); ) {
        if (!atoi(entry->d_name)) continue;
        enum asked one = ask(&tasks, atoi(entry->d_name), -1);
        if (one == AWAKE || (one == BOUNDED && all != AWAKE)) all = one;
    }
    if (list) closedir(list);
    return all;
}

/* Of those that ran since they were asked last: BUSY where one is awake, QUIET where there was nobody to ask. A thread that
 * is about to sleep already shows as asleep, and the kernel answers this only once it is. */
static enum found ask_who_ran(struct world *world)
{
    enum found found = QUIET;
    for (int i = 0; i < world->count; i++) {
        struct process *process = &world->all[i];
        if (process->checked == process->runs || process->state == 'Z') continue;
        enum asked asked = ask_all(world, process);
        if (asked == AWAKE) {
            heat(world, process->pid);
            return BUSY;
        }
        found = CHANGED;
        process->waits_really = asked == BOUNDED;
        process->checked = process->runs;
        process->since = 0;
    }
    return found;
}
