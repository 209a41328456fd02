/*
 * Functions that wait at most so long.
 */
#pragma once
#include "instant.h"
#include "turns.h"
#include <poll.h>
#include <sys/epoll.h>
#include <sys/select.h>

/* What a wait ended with, as its function returns it: 0 where that was time, even if a signal came with it. */
static long outcome(struct wait *wait, long result)
{
    int is_woken = end_wait(wait);
    if (result > 0) found_something();
    return is_woken && result < 0 && errno == EINTR ? 0 : result;
}

static uint64_t mask_of(const sigset_t *mask, const struct wait *wait)
{
    return (mask ? *(const uint64_t *)mask : wait->mask) & ~WAKE_BIT;
}

/* ---- for nothing but time ------------------------------------------------- */

/* Returns an errno; left is what remains after a signal, where it was a span that was asked for. */
static int sleep_until(int64_t deadline, int64_t *left)
{
    int64_t now = GET(shared->now);
    struct wait wait;
    *left = 0;
    if (deadline <= now) {
        /* Also where no job is seen to wait for its turn: it may be on its way there. */
        wait_as(WAIT, 0);
        return 0;
    }
    if (!runs()) {
        if (deadline != NEVER) SET(shared->now, deadline);
        return 0;
    }
    if (!begin_wait(&wait, SLEEP, deadline, deadline - now)) return EAGAIN;
    long result = syscall(SYS_ppoll, NULL, 0, NULL, &wait.mask, sizeof wait.mask);
    if (outcome(&wait, result) >= 0) return 0;
    *left = deadline - GET(shared->now);
    return EINTR;
}

EXPORT int clock_nanosleep(clockid_t id, int flags, const struct timespec *span, struct timespec *left)
{
    enum clock clock = page() ? clock_of(id) : OTHER;
    int64_t rest;
    if (clock == OTHER) return syscall(SYS_clock_nanosleep, id, flags, span, left) ? errno : 0;
    if (span->tv_sec < 0 || span->tv_nsec < 0 || span->tv_nsec >= SECOND) return EINVAL;
    int64_t time = from_timespec(span), now = GET(shared->now);
    int error = sleep_until(flags & TIMER_ABSTIME ? by_calendar(clock, time) : after(now, time), &rest);
    if (error == EINTR && left && !(flags & TIMER_ABSTIME)) *left = to_timespec(rest);
    return error;
}

EXPORT int nanosleep(const struct timespec *span, struct timespec *left)
{
    if (!page()) return syscall(SYS_nanosleep, span, left);
    int error = clock_nanosleep(CLOCK_REALTIME, 0, span, left);
    if (error) errno = error;
    return error ? -1 : 0;
}

EXPORT unsigned sleep(unsigned seconds)
{
    struct timespec left = { seconds, 0 };
    return nanosleep(&left, &left) ? left.tv_sec + (left.tv_nsec >= SECOND / 2) : 0;
}

EXPORT int usleep(useconds_t span)
{
    struct timespec time = to_timespec(span * 1000LL);
    return nanosleep(&time, NULL);
}

/* ---- for descriptors --------------------------------------------------------- */

/* Whether it waits by this clock: not where it only asks, or waits for ever, or no run goes on. */
static int is_bounded(int64_t span)
{
    return span > 0 && span != NEVER && runs();
}

static int poll_until(struct pollfd *files, nfds_t count, int64_t span, const struct timespec *real, const sigset_t *mask)
{
    struct wait wait;
    if (!is_bounded(span) || !begin_wait(&wait, WAIT, after(GET(shared->now), span), span))
        return syscall(SYS_ppoll, files, count, real, mask, sizeof wait.mask);
    uint64_t open = mask_of(mask, &wait);
    return outcome(&wait, syscall(SYS_ppoll, files, count, NULL, &open, sizeof open));
}

EXPORT int ppoll(struct pollfd *files, nfds_t count, const struct timespec *span, const sigset_t *mask)
{
    struct timespec real = span ? *span : (struct timespec){ 0, 0 };
    return poll_until(files, count, span ? from_timespec(span) : NEVER, span ? &real : NULL, mask);
}

EXPORT int poll(struct pollfd *files, nfds_t count, int milliseconds)
{
    struct timespec real = to_timespec(milliseconds < 0 ? 0 : milliseconds * 1000000LL);
    return poll_until(files, count, milliseconds < 0 ? NEVER : milliseconds * 1000000LL, milliseconds < 0 ? NULL : &real, NULL);
}

struct files { int count; fd_set *read, *write, *other; };

struct select_mask { const void *mask; size_t size; };

static int select_until(struct files files, int64_t deadline, int64_t span, const struct timespec *real, const sigset_t *mask)
{
    struct wait wait;
    struct timespec changed = real ? *real : (struct timespec){ 0, 0 };
    struct select_mask plain = { mask, sizeof wait.mask };
    if (!is_bounded(span) || !begin_wait(&wait, WAIT, deadline, span))
        return syscall(SYS_pselect6, files.count, files.read, files.write, files.other, real ? &changed : NULL, mask ? &plain : NULL);
    uint64_t open = mask_of(mask, &wait);
    struct select_mask given = { &open, sizeof open };
    long result = syscall(SYS_pselect6, files.count, files.read, files.write, files.other, NULL, &given);
    int is_over = result < 0 && errno == EINTR;
    result = outcome(&wait, result);
    if (is_over && !result)
        for (int i = 0; i < 3; i++) {
            fd_set *set = i == 0 ? files.read : i == 1 ? files.write : files.other;
            for (int word = 0; set && word * (int)NFDBITS < files.count; word++) set->fds_bits[word] = 0;
        }
    return result;
}

EXPORT int pselect(int count, fd_set *read, fd_set *write, fd_set *other, const struct timespec *span, const sigset_t *mask)
{
    int64_t time = span ? from_timespec(span) : NEVER;
    return select_until((struct files){ count, read, write, other }, page() ? after(GET(shared->now), time) : 0, time, span, mask);
}

/* Linux leaves in the span what remains of it. */
EXPORT int select(int count, fd_set *read, fd_set *write, fd_set *other, struct timeval *span)
{
    struct timespec real = span ? (struct timespec){ span->tv_sec + span->tv_usec / 1000000, span->tv_usec % 1000000 * 1000 } : (struct timespec){ 0, 0 };
    int64_t time = span ? from_timespec(&real) : NEVER, deadline = page() ? after(GET(shared->now), time) : 0;
    int result = select_until((struct files){ count, read, write, other }, deadline, time, span ? &real : NULL, NULL);
    if (span && is_bounded(time)) *span = to_timeval(deadline > GET(shared->now) ? deadline - GET(shared->now) : 0);
    return result;
}

static int epoll_until(int file, struct epoll_event *events, int most, int64_t span, int milliseconds, const sigset_t *mask)
{
    struct wait wait;
    if (!is_bounded(span) || !begin_wait(&wait, WAIT, after(GET(shared->now), span), span))
        return syscall(SYS_epoll_pwait, file, events, most, milliseconds, mask, sizeof wait.mask);
    uint64_t open = mask_of(mask, &wait);
    return outcome(&wait, syscall(SYS_epoll_pwait, file, events, most, -1, &open, sizeof open));
}

EXPORT int epoll_pwait(int file, struct epoll_event *events, int most, int milliseconds, const sigset_t *mask)
{
    return epoll_until(file, events, most, milliseconds < 0 ? NEVER : milliseconds * 1000000LL, milliseconds, mask);
}

EXPORT int epoll_wait(int file, struct epoll_event *events, int most, int milliseconds)
{
    return epoll_pwait(file, events, most, milliseconds, NULL);
}

EXPORT int epoll_pwait2(int file, struct epoll_event *events, int most, const struct timespec *span, const sigset_t *mask)
{
    int64_t time = span ? from_timespec(span) : NEVER;
    return epoll_until(file, events, most, time, span ? (int)((time + 999999) / 1000000) : -1, mask);
}

/* ---- for signals ------------------------------------------------------------- */

EXPORT int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *span)
{
    struct wait wait;
    siginfo_t ignored;
    int64_t time = span ? from_timespec(span) : NEVER;
    if (!is_bounded(time) || !begin_wait(&wait, WAIT, after(GET(shared->now), time), time))
        return syscall(SYS_rt_sigtimedwait, set, info, span, sizeof wait.mask);
    uint64_t any = *(const uint64_t *)set | WAKE_BIT;
    long result = syscall(SYS_rt_sigtimedwait, &any, info ? info : &ignored, NULL, sizeof any);
    int is_woken = end_wait(&wait);
    if (result != WAKE && !(is_woken && result < 0)) return result;
    errno = EAGAIN;
    return -1;
}
