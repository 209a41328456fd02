/*
 * What actors ask for most often, done here while the host has process 1 wait
 * for it: to enter the sandbox takes the host a hundred times as long. BOX "act"
 * holds the fields, each ended by NUL: "rename" FROM TO, "remove" PATH, "signal"
 * NUMBER PID..., or "write" PATH MODE UID GID, behind which the content lies.
 * Whatever cannot be done so simply returns an errno, and the host does it by
 * entering.
 */
#pragma once
#include "files.h"
#include <sys/mman.h>

struct fields { char *at, *end; };

/* An empty one where there is no more. */
static char *next_field(struct fields *fields)
{
    static char none[1];
    if (fields->at >= fields->end) return none;
    char *field = fields->at;
    fields->at += strlen(field) + 1;
    return field;
}

/* A new file in place of what is there, as tar makes it: who has the old one open keeps it. */
static int write_new(struct fields *fields)
{
    const char *path = next_field(fields);
    long mode = atol(next_field(fields)), user = atol(next_field(fields)), group = atol(next_field(fields));
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, error = 0;
    int file = syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
    if (file < 0 && errno == EEXIST && !syscall(SYS_unlinkat, AT_FDCWD, path, 0)) file = syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
    if (file < 0) return errno;
    while (!error && fields->at < fields->end) {
        long length = syscall(SYS_write, file, fields->at, fields->end - fields->at);
        if (length < 0) error = errno;
        else fields->at += length;
    }
    if (!error && (syscall(SYS_fchown, file, user, group) || syscall(SYS_fchmod, file, mode))) error = errno;
    syscall(SYS_close, file);
    return error;
}

static int signal_all(struct fields *fields)
{
    int number = atoi(next_field(fields));
    for (int pid; (pid = atoi(next_field(fields))) > 1; )
        if (syscall(SYS_kill, pid, number) && errno != ESRCH) return errno;
    return 0;
}

static int act_by(struct fields *fields)
{
    const char *what = next_field(fields), *path;
    if (!strcmp(what, "write")) return write_new(fields);
    if (!strcmp(what, "signal")) return signal_all(fields);
    path = next_field(fields);
    if (!strcmp(what, "remove")) return !syscall(SYS_unlinkat, AT_FDCWD, path, 0) || errno == ENOENT ? 0 : errno;
    return !strcmp(what, "rename") && !syscall(SYS_renameat2, AT_FDCWD, path, AT_FDCWD, next_field(fields), 0) ? 0 : errno;
}

/* Returns an errno. */
static int carry_out(void)
{
    struct stat found;
    int file = open_file(BOX "act", O_RDONLY), error = EIO;
    if (file < 0) return errno;
    if (!syscall(SYS_fstat, file, &found) && found.st_size > 0) {
        /* One byte more than it has, which is NUL. */
        char *text = (char *)syscall(SYS_mmap, NULL, found.st_size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0L);
        if (text != MAP_FAILED) {
            struct fields fields = { text, text + syscall(SYS_pread64, file, text, found.st_size, 0L) };
            error = act_by(&fields);
            syscall(SYS_munmap, text, found.st_size + 1);
        }
    }
    syscall(SYS_close, file);
    return error;
}
