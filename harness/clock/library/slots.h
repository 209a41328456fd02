/*
 * How a thread waits: it takes a slot, says until when, and blocks in the
 * system call that it wanted, without the timeout. Process 1 (conduct.h) sends
 * it a signal when the instant has come.
 *
 * The signal is one that glibc keeps for itself: no program can block, ignore
 * or trap it, and where glibc has a handler of its own for it, that leaves
 * alone what another process sends. It is blocked but in the system call, so
 * that none is lost.
 */
#pragma once
#include "children.h"
#include <linux/futex.h>

#define WAKE 33
#define WAKE_BIT (1ULL << (WAKE - 1))

/* As the kernel has it: glibc refuses this signal to everybody. */
struct kernel_action { void (*handler)(int); unsigned long flags; void (*restorer)(void); uint64_t mask; };

static void on_wake(int signal)
{
    (void)signal;
}

#ifdef __x86_64__
#define RESTORER 0x04000000
void return_from_signal(void) __attribute__((visibility("hidden")));
__asm__(".text\nreturn_from_signal:\n\tmov $15, %eax\n\tsyscall\n");
#else
#define RESTORER 0
#define return_from_signal NULL
#endif

static int is_expected;

static void expect_wake(void)
{
    struct kernel_action action = { on_wake, RESTORER, return_from_signal, 0 };
    if (is_expected) return;
    syscall(SYS_rt_sigaction, WAKE, &action, NULL, sizeof action.mask);
    is_expected = 1;
}

/* What a shell catches can be seen, so one that waits before a script's first step leaves it as it was. */
static struct kernel_action caught(void)
{
    struct kernel_action now = { 0 };
    syscall(SYS_rt_sigaction, WAKE, NULL, &now, sizeof now.mask);
    return now;
}

static void catch_as(const struct kernel_action *before)
{
    syscall(SYS_rt_sigaction, WAKE, before, NULL, sizeof before->mask);
    is_expected = before->handler == on_wake;
}

/* Lets process 1 look, if that sleeps. */
static void ring(void)
{
    __atomic_add_fetch(&shared->bell, 1, __ATOMIC_ACQ_REL);
    syscall(SYS_futex, &shared->bell, FUTEX_WAKE, 1, NULL, NULL, 0);
}

/* The first free one, so that few have to be looked at; NULL when all are taken. */
static struct slot *take_slot(enum kind kind)
{
    int pid = syscall(SYS_getpid);
    take_back(pid);
    for (int i = 0; i < SLOTS; i++) {
        struct slot *slot = &shared->slots[i];
        if (GET(slot->pid) || !swap(&slot->pid, 0, pid)) continue;
        slot->tid = syscall(SYS_gettid);
        slot->kind = kind;
        slot->deadline = NEVER;
        slot->begun = GET(shared->now);
        slot->asked = slot->interval = slot->value = 0;
        slot->signal = slot->is_told = 0;
        for (int high = GET(shared->high); high <= i && !swap(&shared->high, high, i + 1); high = GET(shared->high)) continue;
        return slot;
    }
    return NULL;
}

static void free_slot(struct slot *slot)
{
    SET(slot->state, 0);
    SET(slot->pid, 0);
}

static int takes_turn(enum kind kind)
{
    return kind == START || kind == YIELD;
}

struct wait { struct slot *slot; uint64_t mask; };

/* Returns 0 where there is no slot to be had. The mask is the caller's own, without the signal: for the system call. */
static int begin_wait(struct wait *wait, enum kind kind, int64_t deadline, int64_t asked)
{
    uint64_t block = WAKE_BIT;
    expect_wake();
    wait->slot = take_slot(kind);
    if (!wait->slot) return 0;
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &block, &wait->mask, sizeof block);
    wait->mask &= ~WAKE_BIT;
    wait->slot->asked = asked;
    wait->slot->deadline = deadline;
    SET(wait->slot->state, WAITING);
    ring();
    return 1;
}

/* Returns whether the instant has come. Keeps errno. */
static int end_wait(struct wait *wait)
{
    int error = errno, is_woken = !swap(&wait->slot->state, WAITING, 0);
    /* Then the signal is sent, and comes at the latest when it is let through: before any exec. */
    while (GET(wait->slot->state) == WAKING) syscall(SYS_sched_yield);
    free_slot(wait->slot);
    syscall(SYS_rt_sigprocmask, SIG_SETMASK, &wait->mask, NULL, sizeof wait->mask);
    errno = error;
    return is_woken;
}

/* For the guard: reads a word of the host's, which that gives when everything waits, and so soon. */
EXPORT void _rig_await(int file)
{
    struct wait wait;
    char word;
    int is_seen = runs() && begin_wait(&wait, WAIT, NEVER, 0);
    while (syscall(SYS_read, file, &word, 1) < 0 && errno == EINTR) continue;
    if (is_seen) end_wait(&wait);
}
