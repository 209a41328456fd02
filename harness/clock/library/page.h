/*
 * What all processes of a sandbox share: the instant that it is, and who waits
 * for which. A segment of System V shared memory, which the sandbox has to
 * itself: no file, so a script can neither remove nor truncate it, whatever it
 * does to the tree, and neither `env -i` nor `exec` nor chroot lose it.
 *
 * Instants are nanoseconds since the epoch, as the sandbox sees it.
 */
#pragma once
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))
#define KEY 0x72696763
/* The number of the first segment of a namespace: a key is lost to whom removes the segment, which the kernel keeps for as
 * long as process 1 has it. */
#define FIRST 0
#define SLOTS 8192
#define MARKS 65536
#define SOCKETS 64
#define PARENTS 4096
#define NEVER INT64_MAX
#define SECOND 1000000000LL
/* How long the machine has been up when a run begins. */
#define UPTIME (1000 * SECOND)

enum mode {
    SOURCING = 1, /* nobody moves time but who sleeps */
    RUNNING,      /* process 1 moves it when everything waits */
};

enum kind {
    SLEEP = 1, /* for nothing but time */
    WAIT,      /* for something, at most so long */
    EARLY,     /* the same, of a shell that would become `sleep`: see early.h */
    YIELD,     /* for whom it sent a signal to have acted on it: see turns.h */
    START,     /* for its turn to begin: see turns.h */
    READING,   /* the clock, again and again: see instant.h */
    ITIMER,    /* alarm and setitimer */
    TIMER,     /* timer_create */
};

enum state { WAITING = 1, WAKING, WOKEN };

/* A thread that waits, or a timer of a process. */
struct slot {
    int pid; /* 0: nobody's */
    int tid, state, kind;
    int64_t deadline, begun, asked, interval, value; /* asked: to sleep so long; of YIELD: which signal it was */
    int signal, is_told;
};

/* From this instant of the real clock on it was that instant here. */
struct mark { int64_t real, here; };

struct page {
    int key, mode;
    uint64_t sleep_device, sleep_inode; /* of the machine's own `sleep` */
    int64_t place;                      /* where in /proc processes begin; 0 where it is not known */
    int64_t now, start;
    int64_t made; /* by the real clock: nothing of the sandbox is older */
    /* When a wait, and not a loop that reads the clock, moved it last; and how many programs have read it since. */
    int64_t waited;
    int beginning; /* who waits for a turn, not for time; of those that were killed meanwhile too */
    int sent; /* signals, for whose effect the sender waited */
    int readers, dates; /* dates: those that do nothing else */
    int high;  /* slots from here on are free */
    int bell;  /* changes when process 1 is to look */
    int marks;
    /* Whether anybody has armed a timer that is a file, and which sockets have time limits of their own: timed-files.h. */
    int timers, sockets;
    int64_t socket[SOCKETS];
    int parents[PARENTS]; /* who waits for its children, by number: children.h */
    struct slot slots[SLOTS];
    struct mark mark[MARKS];
};

static struct page *shared;

#define GET(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SET(place, value) __atomic_store_n(&(place), value, __ATOMIC_RELEASE)

static int swap(int *place, int from, int to)
{
    return __atomic_compare_exchange_n(place, &from, to, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

/* NULL where there is none: then all is as without this library. */
static struct page *page(void)
{
    static int tried;
    if (tried) return shared;
    tried = 1;
    int error = errno;
    long id = syscall(SYS_shmget, KEY, 0, 0), at = syscall(SYS_shmat, id < 0 ? FIRST : id, NULL, id < 0 ? SHM_RDONLY : 0);
    if (at != -1 && ((struct page *)at)->key == KEY) {
        if (id < 0) {
            syscall(SYS_shmdt, at);
            at = syscall(SYS_shmat, FIRST, NULL, 0);
        }
        if (at != -1) shared = (struct page *)at;
    } else if (at != -1) syscall(SYS_shmdt, at);
    errno = error;
    return shared;
}

static int runs(void)
{
    return page() && GET(shared->mode) == RUNNING;
}

/* The kernel's clocks, whatever this library makes of their functions. */
static int64_t kernel_clock(clockid_t clock)
{
    struct timespec now = { 0, 0 };
    syscall(SYS_clock_gettime, clock, &now);
    return now.tv_sec * SECOND + now.tv_nsec;
}

static int64_t from_timespec(const struct timespec *time)
{
    return time->tv_sec >= NEVER / SECOND ? NEVER : time->tv_sec * SECOND + time->tv_nsec;
}

static struct timespec to_timespec(int64_t time)
{
    return (struct timespec){ time / SECOND, time % SECOND };
}

static struct timeval to_timeval(int64_t time)
{
    return (struct timeval){ time / SECOND, time % SECOND / 1000 };
}

static int64_t after(int64_t now, int64_t span)
{
    return span > NEVER - now ? NEVER : now + span;
}
