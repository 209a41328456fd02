/*
 * What an exec that failed was looking for, and the record of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define LOG "/run/shellrig/box/log"
#define SCRIPT_HEAD 256 /* what the kernel reads of a #! line */
#define ANCESTORS 16 /* as many lead to any command that a person writes */

static enum { OTHER, BASH, DASH } program;

static char *put_number(char *to, long number)
{
    char digits[24], *at = digits + sizeof digits;
    do *--at = '0' + number % 10; while (number /= 10);
    size_t length = digits + sizeof digits - at;
    memcpy(to, at, length);
    to[length] = 0;
    return to + length + 1;
}

/* What /proc tells of a process in a file of a line. Returns its length, or -1 where it tells nothing. */
static long read_proc(long pid, const char *name, char *text, size_t room)
{
    char path[64] = "/proc/", *at = put_number(path + 6, pid) - 1;
    strcpy(at, name);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return -1;
    long length = syscall(SYS_read, fd, text, room - 1);
    syscall(SYS_close, fd);
    text[length > 0 ? length : 0] = 0;
    return length;
}

/* Where "state ppid ..." begins in the status line of a process, "pid (name) state ppid ...": a name may hold anything. NULL
 * where it is gone. */
static char *status_of(long pid, char text[512])
{
    char *at = read_proc(pid, "/stat", text, 512) > 0 ? strrchr(text, ')') : NULL;
    return at && strlen(at) >= 5 ? at + 2 : NULL;
}

static long parent_of(long pid)
{
    char text[512], *at = status_of(pid, text);
    long parent = 0;
    if (!at) return 0;
    for (at += 2; *at >= '0' && *at <= '9'; at++) parent = parent * 10 + *at - '0';
    return parent;
}

static void record(const char *name, size_t length)
{
    char line[PATH_MAX + 64 + ANCESTORS * 12] = "U3", *at = line + 3;
    int error = errno;
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0 && length > 0) {
        if (length > PATH_MAX) length = PATH_MAX;
        at = put_number(at, syscall(SYS_getpid));
        long pid = syscall(SYS_getppid);
        at = put_number(at, pid);
        for (int i = 1; i < ANCESTORS && pid > 1 && (pid = parent_of(pid)) > 1; i++) {
            at[-1] = ',';
            at = put_number(at, pid);
        }
        memcpy(at, name, length);
        at[length] = 0;
        syscall(SYS_write, fd, line, at + length + 1 - line);
    }
    if (fd >= 0) syscall(SYS_close, fd);
    errno = error;
}

static const char *basename_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *variable(char *const *env, const char *name)
{
    size_t length = strlen(name);
    for (; env && *env; env++)
        if (!strncmp(*env, name, length) && (*env)[length] == '=') return *env + length + 1;
    return NULL;
}

/* struct stat is the kernel's own on both architectures. */
static int is_file(const char *path, int mode)
{
    struct stat found;
    return !syscall(SYS_newfstatat, AT_FDCWD, path, &found, 0) && S_ISREG(found.st_mode)
        && !syscall(SYS_faccessat, AT_FDCWD, path, mode);
}

/* After ENOENT or ENOTDIR: path itself, or the interpreter that its #! line (or
 * that interpreter's) names, kept in head. NULL: everything it names exists (a
 * binary without its loader), so nothing is undeclared. */
static const char *missing(const char *path, char head[SCRIPT_HEAD])
{
    for (int depth = 0; depth < 5; depth++) {
        if (syscall(SYS_faccessat, AT_FDCWD, path, F_OK)) return errno == ENOENT || errno == ENOTDIR ? path : NULL;
        int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (fd < 0) return NULL;
        long length = syscall(SYS_read, fd, head, SCRIPT_HEAD - 1);
        syscall(SYS_close, fd);
        if (length < 2 || head[0] != '#' || head[1] != '!') return NULL;
        head[length] = 0;
        path = head + 2 + strspn(head + 2, " \t");
        head[path - head + strcspn(path, " \t\n")] = 0;
        if (!*path) return NULL;
    }
    return NULL;
}

/* One PATH element with the file's name in it ("" when it is too long to be
 * a path); returns the next element, NULL after the last. */
static const char *candidate(const char *element, const char *file, char room[PATH_MAX + NAME_MAX + 2])
{
    const char *end = strchrnul(element, ':');
    size_t length = end - element;
    *room = 0;
    if (length < PATH_MAX) {
        memcpy(room, element, length);
        if (length) room[length++] = '/'; /* an empty element is the working directory */
        strcpy(room + length, file);
    }
    return *end ? end + 1 : NULL;
}

static size_t directory_length(const char *path)
{
    size_t length = basename_of(path) - path;
    while (length > 1 && path[length - 1] == '/') length--;
    return length;
}

/* dash's exec and python try each directory of PATH by execve: a failure
 * there matters only when no directory has the program. */
static int is_a_try(const char *path, char *const argv[], char *const envp[], int *found)
{
    char room[PATH_MAX + NAME_MAX + 2];
    const char *file = basename_of(path), *next = variable(envp, "PATH");
    size_t length = directory_length(path);
    int inside = 0;
    if (program == BASH || strlen(file) > NAME_MAX || (argv && argv[0] && strchr(argv[0], '/'))) return 0;
    if (!next) next = variable(environ, "PATH");
    if (!next) next = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    *found = 0;
    while (next) {
        next = candidate(next, file, room);
        if (directory_length(room) == length && !strncmp(room, path, length)) inside = 1;
        if (is_file(room, X_OK)) *found = 1;
    }
    return inside;
}
