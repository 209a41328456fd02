/*
 * The times of files. The kernel writes those of its own clock; a process is
 * told the instant that it was here. What was made with the sandbox is as old as
 * the run. Times that are of neither, because the file is the machine's or
 * somebody set them, are left as they are: a run's clock is years from the real
 * one.
 */
#pragma once
#include "turns.h"
#include <fcntl.h>
#include <sys/stat.h>

static int64_t here_at(int64_t real)
{
    int first = 0, last = GET(shared->marks);
    if (real < GET(shared->made) || real > kernel_clock(CLOCK_REALTIME)) return -1;
    if (!last || real < shared->mark[0].real) return shared->start;
    while (last - first > 1) {
        int middle = (first + last) / 2;
        if (shared->mark[middle].real <= real) first = middle;
        else last = middle;
    }
    return shared->mark[first].here;
}

static void translate(struct timespec *time)
{
    int64_t here = here_at(time->tv_sec * SECOND + time->tv_nsec);
    if (here >= 0) *time = to_timespec(here);
}

static int told(int result, struct stat *found)
{
    if (result || !page()) return result;
    translate(&found->st_atim);
    translate(&found->st_mtim);
    translate(&found->st_ctim);
    return 0;
}

static void translate_statx(struct statx_timestamp *time)
{
    int64_t here = here_at(time->tv_sec * SECOND + time->tv_nsec);
    if (here < 0) return;
    time->tv_sec = here / SECOND;
    time->tv_nsec = here % SECOND;
}

/* The kernel's own structure is glibc's on both architectures. */
static int look_up(int directory, const char *path, struct stat *found, int flags)
{
    look_again(MOST_LOOKS);
    return told(syscall(SYS_newfstatat, directory, path, found, flags), found);
}

EXPORT int stat(const char *restrict path, struct stat *restrict found) { return look_up(AT_FDCWD, path, found, 0); }
EXPORT int lstat(const char *restrict path, struct stat *restrict found) { return look_up(AT_FDCWD, path, found, AT_SYMLINK_NOFOLLOW); }
EXPORT int fstat(int file, struct stat *found) { return told(syscall(SYS_fstat, file, found), found); }
EXPORT int fstatat(int directory, const char *restrict path, struct stat *restrict found, int flags) { return look_up(directory, path, found, flags); }

/* As programs that were built with a glibc before 2.33 call them. */
EXPORT int __xstat(int version, const char *path, struct stat *found) { return (void)version, stat(path, found); }
EXPORT int __lxstat(int version, const char *path, struct stat *found) { return (void)version, lstat(path, found); }
EXPORT int __fxstat(int version, int file, struct stat *found) { return (void)version, fstat(file, found); }
EXPORT int __fxstatat(int version, int directory, const char *path, struct stat *found, int flags) { return (void)version, look_up(directory, path, found, flags); }

#define SAME(name, of) EXPORT __typeof__(name) name __attribute__((alias(#of)))
SAME(stat64, stat);
SAME(lstat64, lstat);
SAME(fstat64, fstat);
SAME(fstatat64, fstatat);
EXPORT int __xstat64(int, const char *, struct stat *) __attribute__((alias("__xstat")));
EXPORT int __lxstat64(int, const char *, struct stat *) __attribute__((alias("__lxstat")));
EXPORT int __fxstat64(int, int, struct stat *) __attribute__((alias("__fxstat")));
EXPORT int __fxstatat64(int, int, const char *, struct stat *, int) __attribute__((alias("__fxstatat")));

EXPORT int statx(int directory, const char *restrict path, int flags, unsigned mask, struct statx *restrict found)
{
    int result = syscall(SYS_statx, directory, path, flags, mask, found);
    if (result || !page()) return result;
    translate_statx(&found->stx_atime);
    translate_statx(&found->stx_mtime);
    translate_statx(&found->stx_ctime);
    translate_statx(&found->stx_btime);
    return 0;
}
