/*
 * Time moves only when everything waits, to the earliest instant for which
 * somebody does, and one is woken at a time. Until a process and all others
 * have ended, or the host says so, or time is at its limit, or all wait for
 * what never comes.
 *
 * "Everything waits" is: a look found all asleep (look.h says what that proves),
 * and nothing was under way at the host before that look began. To ask the host
 * only after it would be wrong: it may have answered meanwhile, and who waited
 * for that runs on, unseen. Asked before, an answer that it has given has woken
 * somebody by then, whom the look finds awake or to have run; and one that it
 * has still to give is seen to be owed.
 */
#pragma once
#include "host.h"
#include <sys/wait.h>

/* A wait by the real clock that is shorter makes no difference: whether it is seen at all is chance. */
#define NOTICEABLE_TIME (20000 * MICROSECOND)
/* All wait and nothing will come: for so long it has to stay so. */
#define STUCK_TIME (100000 * MICROSECOND)
/* Between looks at what is awake: ever longer, as what is awake for long will be so for long. */
#define SHORTEST_PAUSE (50 * MICROSECOND)
#define LONGEST_PAUSE (1000 * MICROSECOND)
/* Who was woken does something first. */
#define STARTING_TIME (200 * MICROSECOND)
/* Where a test has process 1 dwell: much may happen between two of its thoughts on a busy machine. */
#ifndef DWELL
#define DWELL()
#endif
/* Where nobody waits for an instant, only to know when all wait for ever. */
#define IDLE_PAUSE (20000 * MICROSECOND)

enum end { ENDED, STOPPED, LIMIT, STUCK, GOING };

static void on_child(int signal)
{
    (void)signal;
    __atomic_add_fetch(&shared->bell, 1, __ATOMIC_ACQ_REL);
}

static void on_stop(int signal)
{
    is_stopped = 1;
    on_child(signal);
}

/* ---- records ---------------------------------------------------------------- */

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
    struct line lines[2] = { rank_of(&conductor.world, (*(struct slot *const *)one)->pid), rank_of(&conductor.world, (*(struct slot *const *)other)->pid) };
    return compare_lines(&lines[0], &lines[1]);
}

/* Those of one instant in the order of their lines, not in that in which they came. */
static void tell_sleeps(void)
{
    static struct slot *sleepers[SLOTS];
    size_t count = 0;
    for (int i = 0; i < shared->high; i++) {
        struct slot *slot = &shared->slots[i];
        if (!slot->pid || (slot->kind != SLEEP && slot->kind != EARLY) || slot->is_told || slot->state != WAITING) continue;
        slot->is_told = 1;
        sleepers[count++] = slot;
    }
    if (count > 1) qsort(sleepers, count, sizeof *sleepers, compare_slots);
    for (size_t i = 0; i < count; i++) tell_sleep(sleepers[i]);
}

/* R2 pids name: a process waits by the real clock. */
static void tell_real(struct process *process)
{
    char record[1024] = "R2", *at = record + 3;
    at += put_line(at, 600, process->pid);
    at += sprintf(at, "%s", process->name) + 1;
    syscall(SYS_write, conductor.log, record, at - record);
}

/* ---- whether something is under way ------------------------------------------- */

static int is_real_time(void)
{
    int is_real = 0;
    for (int i = 0; i < conductor.world.count; i++) {
        struct process *process = &conductor.world.all[i];
        if (!process->waits_really || strchr("ZTt", process->state)) continue;
        is_real = 1;
        /* A timer may have gone off without anybody who waited for it. */
        if (GET(shared->timers) && ask_all(&conductor.world, process) != BOUNDED) {
            process->waits_really = 0;
            continue;
        }
        if (!process->since) process->since = kernel_clock(CLOCK_MONOTONIC);
        if (process->is_told || kernel_clock(CLOCK_MONOTONIC) - process->since < NOTICEABLE_TIME) continue;
        tell_real(process);
        process->is_told = 1;
    }
    return is_real;
}

/* Whether the shell that has ended is this process's only child: then no other process is left, as those come to be its
 * children before their parents are gone. */
static int has_no_other(void)
{
    char text[32], *at = text;
    int file = open_file("/proc/1/task/1/children", O_RDONLY);
    long length = file < 0 ? -1 : read_at(file, text, sizeof text);
    if (file >= 0) syscall(SYS_close, file);
    return length > 0 && strtol(text, &at, 10) == conductor.main && at[strspn(at, " ")] == 0;
}

/* Whether this process and no other is left. What lost its parents is process 1's to bury, but for the run's own shell. */
static int is_alone(enum found found)
{
    int count = 0;
    for (int i = 0; i < conductor.world.count; i++) {
        struct process *process = &conductor.world.all[i];
        siginfo_t ended;
        if (process->state != 'Z') count++;
        else if (process->parent == 1 && process->pid != conductor.main) syscall(SYS_waitid, P_PID, process->pid, &ended, WEXITED | WNOHANG, NULL);
    }
    return count == 0 && (found == QUIET || has_no_other());
}

static int has_main_ended(void)
{
    siginfo_t info = { 0 };
    if (conductor.main_end) return 1;
    if (!syscall(SYS_waitid, P_PID, conductor.main, &info, WEXITED | WNOHANG | WNOWAIT, NULL) && !info.si_pid) return 0;
    conductor.main_end = shared->now;
    conductor.real_main_end = kernel_clock(CLOCK_MONOTONIC);
    return 1;
}

/* Whom the host has woken may be on his way to another processor: he shows as awake to a look at his state, not to a brief
 * one. So each is looked at as if he had run. */
static int have_host_act(void)
{
    int is_done = let_host_act();
    for (int i = 0; is_done && i < conductor.world.count; i++) conductor.world.all[i].runs = ~0ULL;
    return is_done;
}

/* ---- the conductor -------------------------------------------------------------- */

/* Everything waits. Returns GOING where somebody was woken. */
static enum end go_on(int64_t *pause)
{
    int64_t limit = conductor.limit;
    *pause = LONGEST_PAUSE;
    DWELL();
    if (answer_all() || is_real_time()) {
        conductor.quiet_since = 0;
        return GOING;
    }
    conductor.world.hots = 0;
    if (!free_dead_slots()) return GOING;
    struct slot *next = next_slot();
    int is_host_next = conductor.next_act != NEVER && (!next || conductor.next_act <= next->deadline);
    int64_t instant = is_host_next ? conductor.next_act : next ? next->deadline : NEVER;
    if (conductor.main_end) limit = after(conductor.main_end, conductor.background);
    if (become_programs(conductor.asks || is_host_next || instant > limit ? NULL : next)) {
        *pause = STARTING_TIME;
        return GOING;
    }
    if (conductor.asks && !conductor.was_asked) {
        conductor.was_asked = 1;
        *pause = SHORTEST_PAUSE;
        if (have_host_act()) conductor.was_asked = 0;
        return GOING;
    }
    if (conductor.main_end && instant > limit) {
        move_to(limit, 1);
        return ENDED;
    }
    if (instant == NEVER) {
        int64_t now = kernel_clock(CLOCK_MONOTONIC);
        if (!conductor.quiet_since) conductor.quiet_since = now;
        return now - conductor.quiet_since < STUCK_TIME ? GOING : STUCK;
    }
    conductor.quiet_since = conductor.was_asked = 0;
    if (instant > limit) {
        move_to(limit, 1);
        return LIMIT;
    }
    if (instant > shared->now) {
        tell_sleeps();
        move_to(instant, is_host_next || next->kind != READING);
    }
    *pause = is_host_next ? SHORTEST_PAUSE : STARTING_TIME;
    if (is_host_next) have_host_act();
    else wake(next);
    return GOING;
}

/* Returns whether the time was up before anything happened. */
static int pause_for(int bell, int64_t span)
{
    struct timespec time = to_timespec(span);
    return syscall(SYS_futex, &shared->bell, FUTEX_WAIT, bell, &time, NULL, 0) && errno == ETIMEDOUT;
}

static enum end conduct(void)
{
    int64_t pause = SHORTEST_PAUSE;
    for (int has_rested = 0;;) {
        int bell = GET(shared->bell), has_ended = has_main_ended(), is_due = 0;
        if (is_stopped) return STOPPED;
        if (!shared->high && !has_ended && !has_rested) {
            has_rested = pause_for(bell, IDLE_PAUSE);
            continue;
        }
        if (has_ended && !conductor.is_open && !shared->high && has_no_other()) return ENDED;
        open_all();
        enum found found = BUSY;
        if (!is_anyone_awake(&conductor.world)) {
            settle(conductor.main);
            is_due = is_host_due();
            DWELL();
            if (!is_due || has_ended) found = look(&conductor.world);
        }
        if (has_ended && found != BUSY && is_alone(found)) return ENDED;
        if (has_ended && kernel_clock(CLOCK_MONOTONIC) - conductor.real_main_end > conductor.background) return ENDED;
        if (found != BUSY) {
            enum found asked = ask_who_ran(&conductor.world);
            if (asked < found) found = asked;
        }
        if (found != QUIET || is_due) conductor.quiet_since = conductor.was_asked = 0;
        if (found == CHANGED) {
            pause = 0;
            continue;
        }
        if (found == QUIET && is_due) pause = LONGEST_PAUSE;
        else if (found == QUIET) {
            enum end end = go_on(&pause);
            if (end != GOING) return end;
        } else {
            pause = pause ? pause * 2 : SHORTEST_PAUSE;
            if (pause > LONGEST_PAUSE) pause = LONGEST_PAUSE;
        }
        has_rested = found == QUIET;
        /* Who rang is about to wait. */
        if (!pause_for(bell, pause) && bell != GET(shared->bell)) {
            syscall(SYS_sched_yield);
            pause = 0;
        }
    }
}
