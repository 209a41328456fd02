/*
 * Jobs in the background begin one after the other, in the order in which they
 * were started, each when all that was there before waits: what they do before
 * they first wait would be a race else, and another one in every run. So do the
 * parts of a pipeline, from the left. How they are known: jobs.h.
 *
 * Who waits for what such a job does, but without a wait that process 1 could
 * see, lets it begin as well: he sleeps for no time, or looks again and again.
 *
 * Who sends a signal goes on when those who got it have acted on it, before any
 * job begins: both would run beside each other else. If they send one in their
 * turn, they go on first.
 */
#pragma once
#include "slots.h"
#include "children.h"

/* Looks at files and processes, and programs that were waited for, after which jobs begin. */
#define MOST_LOOKS 3000
#define MOST_PROGRAMS 1000

static void wait_as(enum kind kind, int64_t asked)
{
    struct wait wait;
    if (!runs()) return;
    struct kernel_action before = caught();
    if (!begin_wait(&wait, kind, GET(shared->now), asked)) return;
    if (takes_turn(kind)) __atomic_add_fetch(&shared->beginning, 1, __ATOMIC_RELAXED);
    while (GET(wait.slot->state) == WAITING) syscall(SYS_ppoll, NULL, 0, NULL, &wait.mask, sizeof wait.mask);
    end_wait(&wait);
    if (takes_turn(kind)) __atomic_sub_fetch(&shared->beginning, 1, __ATOMIC_RELAXED);
    catch_as(&before);
}

/* For the guard, which has several begin at once: this one waits for its turn. */
EXPORT void _rig_take_turn(void)
{
    wait_as(START, 0);
}

static void let_others_begin(void)
{
    int error = errno;
    for (int i = 0; i < GET(shared->high); i++) {
        const struct slot *slot = &shared->slots[i];
        if (GET(slot->state) != WAITING || !takes_turn(slot->kind)) continue;
        wait_as(WAIT, 0);
        break;
    }
    errno = error;
}

/* So many times without a wait, at what others may change. */
static void look_again(int most)
{
    static int looks;
    if (!runs() || !GET(shared->beginning)) looks = 0;
    else if (++looks >= most) {
        looks = 0;
        let_others_begin();
    }
}

EXPORT pid_t waitpid(pid_t child, int *status, int options)
{
    int pid = options & WNOHANG || !runs() ? 0 : syscall(SYS_getpid);
    if (pid <= 1) return syscall(SYS_wait4, child, status, options, NULL);
    say_it_waits(pid);
    long result = wait_for_child(child, status, options);
    take_back(pid);
    look_again(MOST_PROGRAMS);
    return result;
}

EXPORT int kill(pid_t pid, int signal)
{
    if (!signal) look_again(MOST_LOOKS);
    int self = syscall(SYS_getpid), yields = signal && pid != self && self > 1 && runs();
    int turn = yields ? __atomic_add_fetch(&shared->sent, 1, __ATOMIC_RELAXED) : 0;
    int result = syscall(SYS_kill, pid, signal);
    if (yields && !result) wait_as(YIELD, turn);
    return result;
}

EXPORT int killpg(pid_t group, int signal)
{
    if (group >= 0) return kill(-group, signal);
    errno = EINVAL;
    return -1;
}
