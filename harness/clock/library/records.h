/*
 * What process 1 writes into the log of a run, among what the guard and stubs
 * record there: who sleeps, who was ended while he slept, that time has gone by,
 * who waits by the real clock.
 */
#pragma once
#include "waiters.h"
#include <stdio.h>

/* The processes that led to one, its own first, with commas between. */
static int put_line(char *to, size_t room, int pid)
{
    struct line line = line_of(&conductor.world, pid);
    int length = 0;
    for (int i = 0; i < line.count && length < (int)room - 16; i++) length += sprintf(to + length, "%s%d", length ? "," : "", line.pids[i]);
    return length + 1;
}

/* T4 pids name begun asked: somebody sleeps, and time is about to go by. */
static void tell_sleep(const struct slot *slot)
{
    char record[1024] = "T4", *at = record + 3;
    const struct process *process = find(&conductor.world, slot->pid);
    at += put_line(at, 600, slot->pid);
    at += sprintf(at, "%s", slot->kind == EARLY ? "sleep" : process ? process->name : "") + 1;
    at += sprintf(at, "%lld.%06lld", (long long)(slot->begun / SECOND), (long long)(slot->begun % SECOND / 1000)) + 1;
    at += sprintf(at, "%lld.%09lld", (long long)(slot->asked / SECOND), (long long)(slot->asked % SECOND)) + 1;
    syscall(SYS_write, conductor.log, record, at - record);
}

static int compare_slots(const void *one, const void *other)
{
    return compare_pids((*(struct slot *const *)one)->pid, (*(struct slot *const *)other)->pid);
}

/* Those of one instant in the order of their lines, not in that in which they came. */
static void tell_sleeps(void)
{
    static struct slot *sleepers[SLOTS];
    size_t count = 0;
    for (int i = 0; i < shared->high; i++) {
        struct slot *slot = &shared->slots[i];
        if (!slot->pid || (slot->kind != SLEEP && slot->kind != EARLY) || slot->is_told || slot->state != WAITING) continue;
        if (!lives(&conductor.world, find(&conductor.world, slot->pid))) continue;
        slot->is_told = 1;
        sleepers[count++] = slot;
    }
    if (count > 1) qsort(sleepers, count, sizeof *sleepers, compare_slots);
    for (size_t i = 0; i < count; i++) tell_sleep(sleepers[i]);
}

/* J2 instant real: time has gone by, everything that is recorded from here on happens at this instant; and when that was by
 * the kernel's clock, of which files have their times. */
static void tell_time(void)
{
    char record[96] = "J2", *at = record + 3;
    int64_t real = shared->marks ? shared->mark[shared->marks - 1].real : 0;
    at += sprintf(at, "%lld.%06lld", (long long)(shared->now / SECOND), (long long)(shared->now % SECOND / 1000)) + 1;
    at += sprintf(at, "%lld", (long long)real) + 1;
    syscall(SYS_write, conductor.log, record, at - record);
}

/* D2 pid instant: one that sleeps was ended at this instant, before its time. */
static void tell_cut(const struct slot *slot)
{
    char record[64] = "D2", *at = record + 3;
    at += sprintf(at, "%d", slot->pid) + 1;
    at += sprintf(at, "%lld.%06lld", (long long)(shared->now / SECOND), (long long)(shared->now % SECOND / 1000)) + 1;
    syscall(SYS_write, conductor.log, record, at - record);
}

/* Returns 0 where a slot belongs to a process that no look has seen: then the last one was none. */
static int free_dead_slots(void)
{
    for (int i = 0; i < shared->high; i++) {
        struct slot *slot = &shared->slots[i];
        const struct process *owner = slot->pid ? find(&conductor.world, slot->pid) : NULL;
        if (!slot->pid || (owner && owner->state != 'Z')) continue;
        if (!owner && !syscall(SYS_kill, slot->pid, 0)) return conductor.world.last = 0;
        if (slot->is_told && slot->state == WAITING) tell_cut(slot);
        free_slot(slot);
    }
    while (shared->high && !shared->slots[shared->high - 1].pid) shared->high--;
    return 1;
}

/* R2 pids name: a process waits by the real clock. */
static void tell_real(struct process *process)
{
    char record[1024] = "R2", *at = record + 3;
    at += put_line(at, 600, process->pid);
    at += sprintf(at, "%s", process->name) + 1;
    syscall(SYS_write, conductor.log, record, at - record);
}
