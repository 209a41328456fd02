/*
 * Files that themselves wait by the real clock: timers (timerfd_create(2)), and
 * sockets with a time limit of their own (SO_RCVTIMEO, SO_SNDTIMEO). No signal
 * of process 1's makes one ready, so whoever waits for one waits really, and
 * process 1 sees it in what the kernel tells of the file: whoever made it, and
 * through fork and exec. That somebody has such a file at all is noted in the
 * page, as else nobody is asked about his files.
 */
#pragma once
#include "early.h"
#include "processes.h"
#include <stdio.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

/* SO_RCVTIMEO_NEW and SO_SNDTIMEO_NEW of the kernel, which headers of glibc do not name for these processors. */
#define RECEIVE_TIME 66
#define SEND_TIME 67

/* ---- who makes one ------------------------------------------------------------- */

/* The number after such a word in what the kernel tells of a file; -1 where it tells none. */
static int64_t told_of_file(const char *text, const char *word)
{
    const char *at = strstr(text, word);
    return at ? strtoll(at + strlen(word), NULL, 10) : -1;
}

/* An instant by a clock of this sandbox means nothing to the kernel: as long from now on. */
EXPORT int timerfd_settime(int file, int flags, const struct itimerspec *new, struct itimerspec *old)
{
    char text[512];
    if (!runs() || !new) return syscall(SYS_timerfd_settime, file, flags, new, old);
    struct itimerspec span = *new;
    int64_t instant = from_timespec(&new->it_value);
    if (instant) SET(shared->timers, 1);
    if (instant && flags & TFD_TIMER_ABSTIME && read_file("/proc/self/fdinfo/", file, "", text, sizeof text) > 0) {
        int64_t left = by_calendar(clock_of(told_of_file(text, "clockid:")), instant) - GET(shared->now);
        span.it_value = to_timespec(left > 0 ? left : 1);
        flags &= ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
    }
    return syscall(SYS_timerfd_settime, file, flags, &span, old);
}

static int is_limit(int level, int name)
{
    return level == SOL_SOCKET && (name == SO_RCVTIMEO || name == SO_SNDTIMEO || name == RECEIVE_TIME || name == SEND_TIME);
}

/* A socket is known by the number of its inode; where there are more than are kept, the first are forgotten. */
static void note_socket(int file, int name, int has_limit)
{
    struct stat found;
    int is_sent = name == SO_SNDTIMEO || name == SEND_TIME;
    if (syscall(SYS_fstat, file, &found)) return;
    int64_t socket = (int64_t)found.st_ino * 2 + is_sent;
    for (int i = 0; i < SOCKETS; i++) if (GET(shared->socket[i]) == socket) {
        if (!has_limit) SET(shared->socket[i], 0);
        return;
    }
    if (has_limit) SET(shared->socket[(unsigned)__atomic_fetch_add(&shared->sockets, 1, __ATOMIC_ACQ_REL) % SOCKETS], socket);
}

EXPORT int setsockopt(int file, int level, int name, const void *value, socklen_t size)
{
    long result = syscall(SYS_setsockopt, file, level, name, value, size);
    if (!result && is_limit(level, name) && size >= sizeof(struct timeval) && runs()) {
        const struct timeval *limit = value;
        note_socket(file, name, limit->tv_sec || limit->tv_usec);
    }
    return result;
}

/* ---- who waits for one ---------------------------------------------------------- */

/* Text of /proc/PID/fdinfo/FILE: a timer that is still to go off. One that goes off again and again always is. */
static int is_running_timer(int files, const char *name)
{
    static const char value[] = "it_value: (", interval[] = "it_interval: (";
    char text[512], *at;
    int is_running = 0, file = syscall(SYS_openat, files, name, O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    if (read_at(file, text, sizeof text) > 0)
        for (int i = 0; i < 2; i++) {
            if (!(at = strstr(text, i ? interval : value))) break;
            at = strchr(at, '(') + 1;
            is_running |= strtoull(at, &at, 10) != 0;
            is_running |= *at == ',' && strtoull(at + 1, NULL, 10) != 0;
        }
    close(file);
    return is_running;
}

static int has_running_timer(int proc, int pid)
{
    int is_running = 0, folder = open_of(proc, pid, "fdinfo");
    DIR *list = folder < 0 ? NULL : fdopendir(folder);
    for (struct dirent *entry; !is_running && list && (entry = readdir(list)); )
        if (*entry->d_name != '.') is_running = is_running_timer(dirfd(list), entry->d_name);
    if (list) closedir(list);
    return is_running;
}

static int has_limit(int proc, int pid, int file, int is_sent)
{
    char name[32];
    struct stat found;
    int files = open_of(proc, pid, "fd"), is_known = 0;
    sprintf(name, "%d", file);
    if (files >= 0 && !syscall(SYS_newfstatat, files, name, &found, 0) && S_ISSOCK(found.st_mode))
        for (int i = 0; i < SOCKETS && !is_known; i++) is_known = GET(shared->socket[i]) == (int64_t)found.st_ino * 2 + is_sent;
    if (files >= 0) close(files);
    return is_known;
}

/* Where each call has the number of files that it waits for, or the file itself; and which limit of a socket is its. */
enum on { MANY_FILES, EVENTS, TO_READ, TO_WRITE };
static const struct { int call; enum on on; int count; } waits_on[] = {
    { SYS_ppoll, MANY_FILES, 1 }, { SYS_pselect6, MANY_FILES, 0 }, { SYS_epoll_pwait, EVENTS, 0 },
    { SYS_read, TO_READ, 0 }, { SYS_readv, TO_READ, 0 }, { SYS_recvfrom, TO_READ, 0 }, { SYS_recvmsg, TO_READ, 0 }, { SYS_recvmmsg, TO_READ, 0 },
    { SYS_accept, TO_READ, 0 }, { SYS_accept4, TO_READ, 0 },
    { SYS_write, TO_WRITE, 0 }, { SYS_writev, TO_WRITE, 0 }, { SYS_sendto, TO_WRITE, 0 }, { SYS_sendmsg, TO_WRITE, 0 }, { SYS_sendmmsg, TO_WRITE, 0 },
    { SYS_connect, TO_WRITE, 0 },
#ifdef SYS_poll
    { SYS_poll, MANY_FILES, 1 }, { SYS_select, MANY_FILES, 0 }, { SYS_epoll_wait, EVENTS, 0 },
#endif
};

/* Of a process, or of a thread in the folder of its kin, that is in this call. */
static int waits_for_timed_file(int proc, int pid, long call, const unsigned long arguments[6])
{
    int has_timers = GET(shared->timers), has_sockets = GET(shared->sockets);
    if (!has_timers && !has_sockets) return 0;
    for (size_t i = 0; i < sizeof waits_on / sizeof *waits_on; i++) {
        if (waits_on[i].call != call) continue;
        enum on on = waits_on[i].on;
        if (on == MANY_FILES || on == EVENTS) return has_timers && (on == EVENTS || (int)arguments[waits_on[i].count] > 0) && has_running_timer(proc, pid);
        if (has_sockets && has_limit(proc, pid, arguments[0], on == TO_WRITE)) return 1;
        if (!has_timers || on != TO_READ) return 0;
        char name[32];
        int files = open_of(proc, pid, "fdinfo");
        sprintf(name, "%d", (int)arguments[0]);
        int is_timer = files >= 0 && is_running_timer(files, name);
        if (files >= 0) close(files);
        return is_timer;
    }
    return 0;
}
