/*
 * What time it is. A program that reads the clock in a loop, or a loop of
 * programs that read it, waits for time to go by: after a while each reading
 * takes a moment, which is a wait like any other.
 */
#pragma once
#include "slots.h"
#include <string.h>
#include <sys/time.h>

/* Readings of one process, and readings by fresh programs, that cost nothing: of those that do something else, too, more.
 * bash reads the clock up to five times for each character of a `read -t`. */
#define FREE_READINGS 15000
#define FREE_READERS 300
#define FREE_DATES 100
/* Of so many waits that found what they waited for, the readings of one count: whoever reads byte by byte, each with a limit
 * in time, does not wait for time; whoever reads what never ends may. */
#define WAITS_THAT_COUNT_ONCE 10
/* What one costs then: a millisecond, or such a part of how long there has been no other wait. */
#define SHORTEST 1000000
#define PART 128
/* Of a program that does nothing else: a loop that starts it waits, and starting it costs far more than reading. So it comes
 * fast to the span from which on the part above is longer, but no faster: who only writes a log goes on from there as slowly. */
#define SHORTEST_DATE (10 * SHORTEST)
#define LONGEST_DATE (100 * SHORTEST)
#define DATE_PART 16

static int64_t moment_of(int64_t span, int is_date)
{
    int64_t moment = span / PART, date = span / DATE_PART;
    if (moment < SHORTEST) moment = SHORTEST;
    if (!is_date) return moment;
    if (date < SHORTEST_DATE) date = SHORTEST_DATE;
    if (date > LONGEST_DATE) date = LONGEST_DATE;
    return date > moment ? date : moment;
}

static void take_a_moment(int is_date)
{
    int64_t now = GET(shared->now), moment = moment_of(now - GET(shared->waited), is_date);
    struct wait wait;
    if (!begin_wait(&wait, READING, after(now, moment), moment)) return;
    while (GET(wait.slot->state) == WAITING) syscall(SYS_ppoll, NULL, 0, NULL, &wait.mask, sizeof wait.mask);
    end_wait(&wait);
}

static int readings;

/* A wait with a limit in time found what it waited for: the clock was read to tell how long it may take, not to wait. */
static void found_something(void)
{
    static int before, times;
    if (++times % WAITS_THAT_COUNT_ONCE && before <= readings) readings = before;
    else before = readings;
}

/* Whether this is another one than there may be without a wait. */
static int is_one_more(int *count, int most)
{
    return __atomic_add_fetch(count, 1, __ATOMIC_RELAXED) > most;
}

static int64_t instant(void)
{
    static int64_t waited;
    static int is_known;
    int error = errno;
    if (GET(shared->mode) == RUNNING && syscall(SYS_getpid) != 1) {
        if (waited != GET(shared->waited)) readings = is_known = 0;
        waited = GET(shared->waited);
        int is_new = !is_known++, is_reader = is_new && is_one_more(&shared->readers, FREE_READERS);
        int is_date = is_new && !strcmp(program_invocation_short_name, "date") && is_one_more(&shared->dates, FREE_DATES);
        if (is_date || is_reader || ++readings > FREE_READINGS) take_a_moment(is_date);
    }
    errno = error;
    return GET(shared->now);
}

enum clock { OTHER, CALENDAR, UP };

static enum clock clock_of(clockid_t id)
{
    switch (id) {
        case CLOCK_REALTIME: case CLOCK_REALTIME_COARSE: case CLOCK_REALTIME_ALARM: case CLOCK_TAI: return CALENDAR;
        case CLOCK_MONOTONIC: case CLOCK_MONOTONIC_RAW: case CLOCK_MONOTONIC_COARSE: case CLOCK_BOOTTIME: case CLOCK_BOOTTIME_ALARM: return UP;
        default: return OTHER; /* those of a processor */
    }
}

/* An instant by one of the clocks, here. */
static int64_t by_calendar(enum clock clock, int64_t time)
{
    return clock == UP && time != NEVER ? time - UPTIME + shared->start : time;
}

/* For the guard: what it records is no reading of the script's. */
EXPORT void _rig_instant(struct timespec *to)
{
    *to = to_timespec(page() ? GET(shared->now) : kernel_clock(CLOCK_REALTIME));
}

EXPORT int clock_gettime(clockid_t id, struct timespec *to)
{
    enum clock clock = page() ? clock_of(id) : OTHER;
    if (clock == OTHER) return syscall(SYS_clock_gettime, id, to);
    *to = to_timespec(instant() - (clock == UP ? shared->start - UPTIME : 0));
    return 0;
}

EXPORT int gettimeofday(struct timeval *restrict to, void *restrict zone)
{
    if (!page()) return syscall(SYS_gettimeofday, to, zone);
    if (zone) *(struct timezone *)zone = (struct timezone){ 0, 0 };
    *to = to_timeval(instant());
    return 0;
}

EXPORT time_t time(time_t *to)
{
    time_t now = page() ? instant() / SECOND : kernel_clock(CLOCK_REALTIME) / SECOND;
    if (to) *to = now;
    return now;
}

EXPORT int timespec_get(struct timespec *to, int base)
{
    return base == TIME_UTC && !clock_gettime(CLOCK_REALTIME, to) ? base : 0;
}
