/*
 * A shell that is about to become `sleep`. Where nobody is left who could see
 * that it has not, it waits as what it is, since starting a program costs far
 * more than a jump of time: process 1 ends it when it was the first to wake, or
 * else has it become the program before anything else happens (conduct.h).
 *
 * Nobody could see it where every other process is one that it comes from, and
 * asleep, and none was made since: then nobody runs, and who sleeps is woken by
 * process 1 or by the host, for which that waits. One that comes from none has
 * lost its parent: it may outlive the run, and is told by its name.
 */
#pragma once
#include "waits.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PROGRAM "/run/shellrig/host/bin/sleep"
#define CHAIN 16
/* How often it looks whether the shell that started it has come to wait. */
#define TRIES 50

/* Of one argument that is a number with a unit: what the program makes of that, or -1 where it may see it otherwise. */
static int64_t span_of(char *const argv[])
{
    const char *at = argv[1];
    int64_t span = 0, scale = SECOND;
    if (!at || argv[2] || *at < '0' || *at > '9') return -1;
    for (; *at >= '0' && *at <= '9'; at++) if ((span = span * 10 + *at - '0') > 100000000) return -1;
    int64_t whole = span;
    span *= SECOND;
    if (*at == '.') {
        for (at++; *at >= '0' && *at <= '9' && scale > 1; at++) span += (*at - '0') * (scale /= 10);
        /* It computes with a double, and rounds up. */
        double fraction = (double)span / SECOND - whole;
        int64_t rounded = fraction * SECOND;
        if (rounded != span - whole * SECOND || rounded < fraction * SECOND) return -1;
        if (*at) return -1;
    }
    int64_t unit = !*at || *at == 's' ? 1 : *at == 'm' ? 60 : *at == 'h' ? 3600 : *at == 'd' ? 86400 : 0;
    return unit && (!*at || !at[1]) ? span * unit : -1;
}

static long read_file(const char *folder, int pid, const char *name, char *text, size_t room)
{
    char path[64];
    char *at = path + sizeof path - strlen(name) - 1;
    strcpy(at, name);
    for (; pid; pid /= 10) *--at = '0' + pid % 10;
    at -= strlen(folder);
    memcpy(at, folder, strlen(folder));
    int file = syscall(SYS_openat, AT_FDCWD, at, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (file < 0) return -1;
    long length = syscall(SYS_read, file, text, room - 1);
    syscall(SYS_close, file);
    text[length > 0 ? length : 0] = 0;
    return length;
}

/* "pid (name) state parent ..." Returns the state, or 0 where it is not to be read. */
static int state_of(int pid, int *parent)
{
    char text[512], *at;
    if (read_file("/proc/", pid, "/stat", text, sizeof text) <= 0 || !(at = strrchr(text, ')')) || strlen(at) < 5) return 0;
    *parent = atoi(at + 4);
    return at[2];
}

/* Those that it comes from, but for process 1. Returns how many they are, or -1 where that cannot be told. */
static int chain_of(int chain[CHAIN])
{
    int count = 0, parent;
    for (int pid = syscall(SYS_getppid); pid > 1; pid = parent) {
        if (count == CHAIN || !state_of(pid, &parent)) return -1;
        chain[count++] = pid;
    }
    return count;
}

/* The one that made this process may still be on its way to wait for it. */
static int come_to_sleep(const int *chain, int count)
{
    for (int i = 0, tries = 0, parent; i < count; i++)
        while (state_of(chain[i], &parent) != 'S') {
            if (i || tries++ == TRIES) return 0;
            syscall(SYS_sched_yield);
        }
    return 1;
}

struct name { uint64_t inode; int64_t next; unsigned short length; unsigned char type; char name[]; };

/* Whether there is no other process than this one, those of the chain, and process 1. */
static int are_all(const int *chain, int count)
{
    char room[512]; /* mostly there are few, or one is too many */
    int self = syscall(SYS_getpid), file = syscall(SYS_openat, AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), is_so = file >= 0;
    if (is_so && GET(shared->place)) syscall(SYS_lseek, file, GET(shared->place), SEEK_SET);
    for (long length; is_so && (length = syscall(SYS_getdents64, file, room, sizeof room)) > 0; )
        for (long at = 0; is_so && at < length; at += ((struct name *)(room + at))->length) {
            const char *name = ((struct name *)(room + at))->name;
            int pid = *name >= '1' && *name <= '9' ? atoi(name) : 0, known = pid <= 1 || pid == self;
            for (int i = 0; !known && i < count; i++) known = chain[i] == pid;
            is_so = known;
        }
    if (file >= 0) syscall(SYS_close, file);
    return is_so;
}

static int is_newest(void)
{
    char text[128], *at;
    return read_file("/proc/loadavg", 0, "", text, sizeof text) > 0 && (at = strrchr(text, ' ')) && atoi(at) == syscall(SYS_getpid);
}

/* In this order: who is not in the list, and was not made after this one either, has not been there. */
static int is_unseen(void)
{
    int chain[CHAIN], count = chain_of(chain);
    return count > 0 && are_all(chain, count) && come_to_sleep(chain, count) && is_newest();
}

/* What exec closes: another may wait for it. */
static int close_for_exec(void)
{
    char room[4096];
    int files = syscall(SYS_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (files < 0) return 0;
    for (long length; (length = syscall(SYS_getdents64, files, room, sizeof room)) > 0; )
        for (long at = 0; at < length; at += ((struct name *)(room + at))->length) {
            const char *name = ((struct name *)(room + at))->name;
            int file = atoi(name);
            if (*name >= '0' && *name <= '9' && file != files && syscall(SYS_fcntl, file, F_GETFD) == FD_CLOEXEC) syscall(SYS_close, file);
        }
    syscall(SYS_close, files);
    return 1;
}

/* Called by the guard in a shell that is about to execute something. Returns where it has to. */
EXPORT void _rig_before_exec(const char *path, char *const argv[])
{
    struct stat found;
    struct wait wait;
    int64_t span;
    if (!runs() || !shared->sleep_inode || (span = span_of(argv)) < 0) return;
    if (syscall(SYS_newfstatat, AT_FDCWD, path, &found, 0) || found.st_ino != shared->sleep_inode || found.st_dev != shared->sleep_device) return;
    if (!is_unseen() || !close_for_exec()) return;
    if (span) {
        if (!begin_wait(&wait, EARLY, after(GET(shared->now), span), span)) return;
        while (GET(wait.slot->state) == WAITING) syscall(SYS_ppoll, NULL, 0, NULL, &wait.mask, sizeof wait.mask);
        int becomes = wait.slot->value;
        end_wait(&wait);
        if (becomes) return;
    }
    for (;;) syscall(SYS_exit_group, 0);
}
