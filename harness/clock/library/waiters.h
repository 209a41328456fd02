/*
 * Who waits for which instant, and how time comes to it.
 */
#pragma once
#include "really.h"
#include "slots.h"
#include "ties.h"
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>

#define MICROSECOND 1000LL
/* Jumps of a run before which a kernel with coarse file times is given a tick, so that they tell the instants apart. */
#define TICKS 64
#define LISTENERS 8

struct conductor {
    struct world world;
    int main, slots, streams[2], log, stamped, host, acts, ticks;
    int listeners[LISTENERS], listening;
    int is_open, slack;
    struct rlimit files;
    int asks, was_asked; /* the host acts not only at instants, but when something has come to be */
    long spent; /* when everything waited last, or -1: see keep_patience() */
    int64_t asked_spent, next_act, limit, background, main_end, real_main_end, quiet_since;
};

static struct conductor conductor;

/* ---- the instant ------------------------------------------------------------- */

/* A stamp of the kernel for a file that is written now. From 6.13 on it is later than all that other files have, and not
 * later than any that they will get, where the file had one of the same tick that was looked at: hence twice. */
static int64_t stamp(void)
{
    struct stat found = { 0 };
    for (int i = 0; i < 2; i++) {
        syscall(SYS_utimensat, conductor.stamped, NULL, NULL, 0);
        if (syscall(SYS_fstat, conductor.stamped, &found)) return kernel_clock(CLOCK_REALTIME);
    }
    return from_timespec(&found.st_ctim);
}

static void mark(void)
{
    int64_t tick = kernel_clock(CLOCK_REALTIME_COARSE), real = stamp(), last = shared->marks ? shared->mark[shared->marks - 1].real : 0;
    if (real <= tick && conductor.ticks < TICKS) {
        for (conductor.ticks++; real <= tick; real = stamp()) {
            struct timespec moment = { 0, 500 * MICROSECOND };
            syscall(SYS_nanosleep, &moment, NULL);
        }
    }
    if (shared->marks < MARKS && real > last) {
        shared->mark[shared->marks] = (struct mark){ real, shared->now };
        SET(shared->marks, shared->marks + 1);
    } else if (shared->marks) shared->mark[shared->marks - 1].here = shared->now;
}

static void move_to(int64_t instant, int is_wait)
{
    SET(shared->now, instant);
    if (!is_wait) return;
    SET(shared->waited, instant);
    SET(shared->readers, 0);
    SET(shared->dates, 0);
    mark();
}

/* ---- who waits ------------------------------------------------------------------ */

/* Those of one parent need no lines: there are many of them where there are many jobs. */
static int compare_pids(int one, int other)
{
    int parent = parent_of(&conductor.world, one);
    if (parent && parent == parent_of(&conductor.world, other)) return one - other;
    struct line lines[2] = { rank_of(&conductor.world, one), rank_of(&conductor.world, other) };
    return compare_lines(&lines[0], &lines[1]);
}

/* Whether one is woken before another: who is to go on, then who is to begin, then the earlier, and of those of one instant
 * the first by its line. */
static int is_before(const struct slot *one, const struct slot *other)
{
    int is_turn = takes_turn(one->kind), is_other = takes_turn(other->kind);
    if (is_turn != is_other) return is_turn;
    if (is_turn && one->kind != other->kind) return one->kind == YIELD;
    if (one->kind == YIELD) return one->asked > other->asked;
    if (!is_turn && one->deadline != other->deadline) return one->deadline < other->deadline;
    return compare_pids(one->pid, other->pid) < 0;
}

static struct slot *next_slot(void)
{
    struct slot *next = NULL;
    for (int i = 0; i < shared->high; i++) {
        struct slot *slot = &shared->slots[i];
        if (slot->pid && slot->state == WAITING && slot->deadline != NEVER && (!next || is_before(slot, next))) next = slot;
    }
    return next;
}

static void wake(struct slot *slot)
{
    if (slot->kind == TIMER || slot->kind == ITIMER) {
        siginfo_t info = { 0 };
        info.si_signo = slot->signal;
        info.si_code = SI_TIMER;
        info.si_value.sival_ptr = (void *)(intptr_t)slot->value;
        int signal = slot->signal, pid = slot->pid, thread = slot->kind == TIMER ? slot->tid : 0;
        slot->deadline = slot->interval ? after(slot->deadline, slot->interval) : NEVER;
        if (slot->deadline == NEVER) slot->state = 0;
        if (slot->kind == ITIMER && !slot->state) free_slot(slot);
        if (signal && thread) syscall(SYS_rt_tgsigqueueinfo, pid, thread, signal, &info);
        else if (signal) syscall(SYS_rt_sigqueueinfo, pid, signal, &info);
        heat(&conductor.world, pid);
        return;
    }
    int pid = slot->pid;
    if (!swap(&slot->state, WAITING, WAKING)) return;
    if (syscall(SYS_tgkill, pid, slot->tid, WAKE)) free_slot(slot); /* a thread that has ended */
    else SET(slot->state, WOKEN);
    heat(&conductor.world, pid);
}

/* Those who are about to (early.h), but for one. Returns whether there were any. */
static int become_programs(const struct slot *but)
{
    int count = 0;
    for (int i = 0; i < shared->high; i++) {
        struct slot *slot = &shared->slots[i];
        if (!slot->pid || slot->kind != EARLY || slot->state != WAITING || slot == but) continue;
        slot->value = 1;
        wake(slot);
        count++;
    }
    return count;
}
