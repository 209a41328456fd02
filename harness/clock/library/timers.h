/*
 * Timers: slots to which process 1 sends the signal when the instant has come.
 * A fork has none of its parent's; exec keeps the one of alarm and setitimer,
 * and no other (execve(2)).
 */
#pragma once
#include "instant.h"

/* Of a span: ITIMER_REAL's, or how long to the next signal. */
static int64_t left_of(const struct slot *timer)
{
    int64_t now = GET(shared->now);
    return !timer || timer->deadline == NEVER ? 0 : timer->deadline > now ? timer->deadline - now : 1000;
}

static void arm(struct slot *timer, int64_t deadline, int64_t interval)
{
    timer->interval = interval;
    SET(timer->deadline, deadline);
    SET(timer->state, deadline == NEVER ? 0 : WAITING);
    ring();
}

/* ---- alarm and setitimer ------------------------------------------------------ */

static struct slot *own_itimer(void)
{
    int pid = syscall(SYS_getpid);
    for (int i = 0; i < GET(shared->high); i++)
        if (GET(shared->slots[i].pid) == pid && shared->slots[i].kind == ITIMER) return &shared->slots[i];
    return NULL;
}

static struct itimerval value_of(const struct slot *timer)
{
    return (struct itimerval){ to_timeval(timer ? timer->interval : 0), to_timeval(left_of(timer)) };
}

static int64_t from_timeval(struct timeval time)
{
    return time.tv_sec * SECOND + time.tv_usec * 1000LL;
}

/* The header has an enum for the first parameter in C, and an int is what that is. */
EXPORT int setitimer(__itimer_which_t which, const struct itimerval *restrict new, struct itimerval *restrict old)
{
    if (which != ITIMER_REAL || !runs()) return syscall(SYS_setitimer, which, new, old);
    struct slot *timer = own_itimer();
    struct itimerval before = value_of(timer);
    int64_t span = new ? from_timeval(new->it_value) : 0;
    if (span && !timer && !(timer = take_slot(ITIMER))) {
        errno = EAGAIN;
        return -1;
    }
    if (span) {
        timer->signal = SIGALRM;
        arm(timer, after(GET(shared->now), span), from_timeval(new->it_interval));
    } else if (timer) free_slot(timer);
    if (old) *old = before;
    return 0;
}

EXPORT int getitimer(__itimer_which_t which, struct itimerval *value)
{
    if (which != ITIMER_REAL || !runs()) return syscall(SYS_getitimer, which, value);
    *value = value_of(own_itimer());
    return 0;
}

EXPORT unsigned alarm(unsigned seconds)
{
    struct itimerval new = { { 0, 0 }, { seconds, 0 } }, old = { { 0, 0 }, { 0, 0 } };
    setitimer(ITIMER_REAL, &new, &old);
    return old.it_value.tv_sec + (old.it_value.tv_usec >= 500000 || (!old.it_value.tv_sec && old.it_value.tv_usec));
}

EXPORT useconds_t ualarm(useconds_t span, useconds_t interval)
{
    struct itimerval new = { to_timeval(interval * 1000LL), to_timeval(span * 1000LL) }, old = { { 0, 0 }, { 0, 0 } };
    setitimer(ITIMER_REAL, &new, &old);
    return old.it_value.tv_sec * 1000000 + old.it_value.tv_usec;
}

/* ---- timer_create ------------------------------------------------------------ */

/* Those of a processor are the kernel's own, whose numbers begin at 0 in each process. */
#define KERNELS 0x40000000L

static struct slot *timer_of(timer_t id)
{
    long number = (long)id - 1;
    struct slot *timer = number >= 0 && number < SLOTS && page() ? &shared->slots[number] : NULL;
    return timer && timer->kind == TIMER && GET(timer->pid) == syscall(SYS_getpid) ? timer : NULL;
}

static int kernels(timer_t id)
{
    return (long)id - KERNELS;
}

EXPORT int timer_create(clockid_t clock, struct sigevent *restrict event, timer_t *restrict id)
{
    int how = event ? event->sigev_notify : SIGEV_SIGNAL, number;
    if (how == SIGEV_THREAD) {
        errno = ENOTSUP;
        return -1;
    }
    if (!runs() || clock_of(clock) == OTHER) {
        if (syscall(SYS_timer_create, clock, event, &number)) return -1;
        *id = (timer_t)(KERNELS + number);
        return 0;
    }
    struct slot *timer = take_slot(TIMER);
    if (!timer) {
        errno = EAGAIN;
        return -1;
    }
    *id = (timer_t)(timer - shared->slots + 1);
    timer->signal = how == SIGEV_NONE ? 0 : event ? event->sigev_signo : SIGALRM;
    timer->value = event ? (intptr_t)event->sigev_value.sival_ptr : (intptr_t)*id;
    timer->tid = how == SIGEV_THREAD_ID ? event->_sigev_un._tid : 0;
    timer->asked = clock_of(clock);
    return 0;
}

static struct itimerspec spec_of(const struct slot *timer)
{
    return (struct itimerspec){ to_timespec(timer->interval), to_timespec(left_of(timer)) };
}

EXPORT int timer_settime(timer_t id, int flags, const struct itimerspec *restrict new, struct itimerspec *restrict old)
{
    struct slot *timer = timer_of(id);
    if (!timer) return syscall(SYS_timer_settime, kernels(id), flags, new, old);
    struct itimerspec before = spec_of(timer);
    int64_t span = from_timespec(&new->it_value);
    int64_t deadline = !span ? NEVER : flags & TIMER_ABSTIME ? by_calendar(timer->asked, span) : after(GET(shared->now), span);
    arm(timer, deadline, span ? from_timespec(&new->it_interval) : 0);
    if (old) *old = before;
    return 0;
}

EXPORT int timer_gettime(timer_t id, struct itimerspec *value)
{
    struct slot *timer = timer_of(id);
    if (!timer) return syscall(SYS_timer_gettime, kernels(id), value);
    *value = spec_of(timer);
    return 0;
}

EXPORT int timer_delete(timer_t id)
{
    struct slot *timer = timer_of(id);
    if (!timer) return syscall(SYS_timer_delete, kernels(id));
    free_slot(timer);
    return 0;
}

EXPORT int timer_getoverrun(timer_t id)
{
    return timer_of(id) ? 0 : syscall(SYS_timer_getoverrun, kernels(id));
}

/* Those of the program that this process was before its exec. */
static void lose_timers(void)
{
    int pid = syscall(SYS_getpid);
    for (int i = 0; i < GET(shared->high); i++)
        if (GET(shared->slots[i].pid) == pid && shared->slots[i].kind != ITIMER) free_slot(&shared->slots[i]);
}
