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
#include "records.h"
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
/* One that looks again and again for what a job does that has not begun never waits: after so many hundredths of a second on
 * a processor, looked at so often, the job begins beside it. */
#define PATIENCE_OF_JOBS 300
#define SPENT_TIME (250000 * MICROSECOND)
/* Where more than so many are to begin, one does once those wait who began before, and what they started: to look at all
 * others each time would make a thousand jobs cost a million looks. */
#define TURNS 64
/* Where nobody waits for an instant, nor the host for what comes to be, only to know when all wait for ever. */
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

/* The next job, though not everything waits. Such a slot is its own until process 1 takes it. */
static void let_begin(void)
{
    struct slot *next = shared->high ? next_slot() : NULL;
    if (next && takes_turn(next->kind)) wake(next);
}

/* Something computes. */
static void keep_patience(void)
{
    int64_t now = kernel_clock(CLOCK_MONOTONIC);
    long spent = 0;
    if (now - conductor.asked_spent < SPENT_TIME) return;
    conductor.asked_spent = now;
    for (int i = 0; i < conductor.world.count; i++) spent += read_spent(&conductor.world, &conductor.world.all[i]);
    if (conductor.spent < 0) conductor.spent = spent;
    if (spent - conductor.spent < PATIENCE_OF_JOBS) return;
    conductor.spent = spent;
    let_begin();
}

static int are_many_to_begin(void)
{
    int count = 0;
    for (int i = 0; i < shared->high && count <= TURNS; i++) count += takes_turn(shared->slots[i].kind) && GET(shared->slots[i].state) == WAITING;
    return count > TURNS;
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
    if (next && !lives(&conductor.world, find(&conductor.world, next->pid))) {
        *pause = 0;
        return GOING;
    }
    if (next && takes_turn(next->kind)) {
        *pause = STARTING_TIME;
        wake(next);
        return GOING;
    }
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
        if (is_host_next || next->kind != READING) tell_time();
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
        if (!shared->high && !conductor.asks && !has_ended && !has_rested) {
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
            conductor.world.takes_words = !has_ended;
            if (!is_due || has_ended) found = look(&conductor.world, are_many_to_begin());
        }
        if (has_ended && found != BUSY && is_alone(found)) return ENDED;
        if (has_ended && kernel_clock(CLOCK_MONOTONIC) - conductor.real_main_end > conductor.background) return ENDED;
        if (found != BUSY) {
            enum found asked = ask_who_ran(&conductor.world);
            if (asked < found) found = asked;
        }
        if (found != QUIET || is_due) conductor.quiet_since = conductor.was_asked = 0;
        if (found == SETTLED) {
            conductor.world.hots = 0;
            let_begin();
        }
        if (found >= SETTLED) conductor.spent = -1;
        else if (GET(shared->beginning) > 0) keep_patience();
        if (found == CHANGED) {
            pause = 0;
            continue;
        }
        if (found == QUIET && is_due) pause = LONGEST_PAUSE;
        else if (found == SETTLED) pause = STARTING_TIME;
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
