/*
 * Threads that wait for each other, at most so long. Nobody but glibc can wait
 * for its semaphores and conditions; so they are looked at again and again, each
 * time when everything has waited: what another thread does is seen before time
 * goes by, and what it does later not much later. A wait for a condition may end
 * without reason (pthread_cond_timedwait(3p)), and then is called again.
 */
#pragma once
#include "instant.h"
#include <pthread.h>
#include <semaphore.h>

/* Whoever does not say by which clock: what is not long ago is by the one that counts from the machine's start. */
static int64_t deadline_of(const struct timespec *time)
{
    return by_calendar(time->tv_sec < 1000000000 ? UP : CALENDAR, from_timespec(time));
}

/* How long it has waited in all, for how long at a time. */
#define PARTS 16

/* Ever longer, but not beyond the end. Returns whether that has come. */
static int wait_a_part(int64_t begun, int64_t deadline)
{
    int64_t now = GET(shared->now), part = (now - begun) / PARTS;
    struct wait wait;
    if (part < SHORTEST) part = SHORTEST;
    if (after(now, part) > deadline) part = deadline - now;
    if (part <= 0 || !begin_wait(&wait, READING, now + part, part)) return 1;
    while (GET(wait.slot->state) == WAITING) syscall(SYS_ppoll, NULL, 0, NULL, &wait.mask, sizeof wait.mask);
    end_wait(&wait);
    return GET(shared->now) >= deadline;
}

/* The count is the first word of a semaphore in every glibc, for processors that begin with the low byte. */
static int take_one(int *count)
{
    for (int left = GET(*count); left > 0; left = GET(*count)) if (swap(count, left, left - 1)) return 1;
    return 0;
}

static int wait_for_semaphore(sem_t *semaphore, int64_t deadline)
{
    for (int64_t begun = GET(shared->now); ; ) {
        if (take_one((int *)semaphore)) return 0;
        if (GET(shared->now) < deadline && !wait_a_part(begun, deadline)) continue;
        if (take_one((int *)semaphore)) return 0;
        errno = ETIMEDOUT;
        return -1;
    }
}

EXPORT int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *time)
{
    struct timespec real;
    if (runs()) return wait_for_semaphore(semaphore, by_calendar(clock_of(clock), from_timespec(time)));
    for (;;) {
        if (take_one((int *)semaphore)) return 0;
        syscall(SYS_clock_gettime, clock, &real);
        if (from_timespec(&real) >= from_timespec(time)) break;
        real = to_timespec(SHORTEST);
        syscall(SYS_nanosleep, &real, NULL);
    }
    errno = ETIMEDOUT;
    return -1;
}

EXPORT int sem_timedwait(sem_t *semaphore, const struct timespec *time)
{
    return sem_clockwait(semaphore, CLOCK_REALTIME, time);
}

static int wait_for_condition(pthread_mutex_t *mutex, int64_t deadline)
{
    static int64_t begun;
    int64_t now = page() ? GET(shared->now) : kernel_clock(CLOCK_REALTIME);
    if (now >= deadline) return ETIMEDOUT;
    /* One that is waited for again and again without another wait. */
    if (begun < (runs() ? GET(shared->waited) : now)) begun = now;
    pthread_mutex_unlock(mutex);
    int is_over = 0;
    if (runs()) is_over = wait_a_part(begun, deadline);
    else {
        struct timespec moment = to_timespec(SHORTEST);
        syscall(SYS_nanosleep, &moment, NULL);
    }
    pthread_mutex_lock(mutex);
    return is_over ? ETIMEDOUT : 0;
}

EXPORT int pthread_cond_timedwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, const struct timespec *restrict time)
{
    (void)condition;
    return wait_for_condition(mutex, deadline_of(time));
}

EXPORT int pthread_cond_clockwait(pthread_cond_t *restrict condition, pthread_mutex_t *restrict mutex, clockid_t clock, const struct timespec *restrict time)
{
    (void)condition;
    return wait_for_condition(mutex, by_calendar(clock_of(clock), from_timespec(time)));
}
