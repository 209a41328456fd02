/*
 * How every bash process ended, subshells included: the exit code of background
 * work is known by it. An EXIT trap could tell as well, but a bash that has one
 * no longer ends where a signal meets it.
 */
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

extern int on_exit(void (*function)(int, void *), void *argument);

/* Where the clock's library is loaded too. */
extern void _rig_instant(struct timespec *to) __attribute__((weak));

static struct timespec instant(void)
{
    struct timespec now = { 0, 0 };
    if (_rig_instant) _rig_instant(&now);
    else syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return now;
}

static void record_end(int status, void *unused)
{
    char line[128] = "B3", *at = line + 3;
    struct timespec now = instant();
    (void)unused;
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    at = put_number(at, syscall(SYS_getpid));
    at = put_number(at, status & 255);
    at = put_number(at, now.tv_sec);
    char *point = at - 1;
    at = put_number(point, 1000000 + now.tv_nsec / 1000);
    *point = '.';
    syscall(SYS_write, fd, line, at - line);
    syscall(SYS_close, fd);
}
