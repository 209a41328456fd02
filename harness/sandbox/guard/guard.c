/*
 * The guard: a library that the sandbox loads into every dynamically linked
 * process, by /etc/ld.so.preload of its private tree. It does ten things.
 *
 *   1. A bash child reads child.sh before its own script, even under `env -i`
 *      (child.h).
 *   2. A program that does not exist is recorded whatever way it was called,
 *      even where the script hides stderr and ignores the exit code (missing.h).
 *   3. The end of every bash process is recorded, with its exit code (ended.h).
 *   4. A command stub answers before bash begins, where it can (answer.h).
 *   5. bash gets builtins for what the bash side does often (builtins.h).
 *   6. What happens to a few paths is recorded, for runs that ask (witness.h).
 *   7. Setting an extended attribute is noted (attributes.h).
 *   8. Every program that is executed is recorded, for runs that ask
 *      (executed.h).
 *   9. A sweep has something happen at a moment of a run (moments.h, changes.h).
 *  10. Names that mktemp makes are the same in every run (random-names.h).
 *
 * A record is one write to the log, of fields that end with NUL:
 *
 *   U3 pid ppids name       B3 pid code seconds
 *   Cn id ppids name seconds cwd c arguments...       E3 id code seconds
 *   An ppids count arguments... variables...
 *
 * All but builtins and stubs may run between vfork and exec, in a signal handler,
 * or in a program with a getenv or setenv of its own (bash has both). So there:
 * system calls and string functions only, no allocation but mmap, errno as the
 * real call leaves it. A builtin runs where bash runs its own and may use what
 * they use; a stub is a process of its own. No symbol newer than glibc 2.17,
 * hence no dlsym: exec and the rest are done anew here. Not seen: posix_spawn by
 * path (make), static programs, and what bash or busybox sh look for in PATH and
 * do not find (bash has command_not_found_handle for that, though not for its
 * `exec name`).
 */
#define _GNU_SOURCE
#include "missing.h"
#include "moments.h"
#include "random-names.h"
#include "changes.h"
#include "child.h"
#include "ended.h"
#include "stub.h"
#include "executed.h"
#include "builtins.h"
#include "answer.h"
#include <spawn.h>
#include <stdarg.h>

#define EXPORT __attribute__((visibility("default")))

static long refused_by; /* pid of the last exec that failed here */
static unsigned refused_name;

/* ---- exec by path ----------------------------------------------------- */

static void refused(const char *path, char *const argv[], char *const envp[])
{
    char head[SCRIPT_HEAD];
    const char *name = missing(path, head);
    long pid = syscall(SYS_getpid);
    unsigned hash = 5381;
    int found, searching = name == path && is_a_try(path, argv, envp, &found);
    if (searching) name = found ? NULL : basename_of(path);
    for (const char *at = name; at && *at; at++) hash = hash * 33 + (unsigned char)*at;
    int again = searching && refused_by == pid && refused_name == hash;
    refused_by = pid;
    refused_name = hash;
    if (name && !again) record(name, strlen(name));
}

/* A shell with a virtual clock may be told to sleep in the place of a program (clock/library/early.h). */
extern void _rig_before_exec(const char *path, char *const argv[]) __attribute__((weak));

static int exec_path(const char *path, char *const argv[], char *const envp[])
{
    if (_rig_before_exec && program == BASH && !self && argv && argv[0] && !strcmp(basename_of(argv[0]), "sleep") && !tells_executed()) _rig_before_exec(path, argv);
    syscall(SYS_execve, path, argv, envp);
    int error = errno;
    if (error == ENOENT || error == ENOTDIR) refused(path, argv, envp);
    errno = error;
    return -1;
}

/* ---- exec by name ----------------------------------------------------- */

struct exec { char *const *argv, *const *envp; };

struct spawn { pid_t *pid; const posix_spawn_file_actions_t *actions; const posix_spawnattr_t *attributes; struct exec exec; };

static int try_exec(const char *path, const void *call)
{
    const struct exec *exec = call;
    syscall(SYS_execve, path, exec->argv, exec->envp);
    if (errno == ENOEXEC) { /* POSIX: a file without #! is a shell script */
        size_t count = 0;
        while (exec->argv[count]) count++;
        const char *argv[count + 3];
        argv[0] = "/bin/sh";
        argv[1] = path;
        argv[2] = NULL;
        if (count > 1) memcpy(argv + 2, exec->argv + 1, count * sizeof *argv);
        syscall(SYS_execve, argv[0], argv, exec->envp);
    }
    return errno;
}

static int try_spawn(const char *path, const void *call)
{
    const struct spawn *spawn = call;
    return posix_spawn(spawn->pid, path, spawn->actions, spawn->attributes, spawn->exec.argv, spawn->exec.envp);
}

/* The search of glibc's execvp and posix_spawnp; returns an errno. */
static int search(const char *file, int (*attempt)(const char *, const void *), const void *call)
{
    char room[PATH_MAX + NAME_MAX + 2], head[SCRIPT_HEAD];
    const char *next = variable(environ, "PATH"), *name = file;
    int error = ENOENT, denied = 0;
    if (!*file) return ENOENT;
    if (strchr(file, '/')) {
        error = attempt(file, call);
        if (error == ENOENT || error == ENOTDIR) name = missing(file, head);
        else name = NULL;
        if (name) record(name, strlen(name));
        return error;
    }
    if (strlen(file) > NAME_MAX) return ENAMETOOLONG;
    if (!next) next = "/bin:/usr/bin";
    while (next) {
        next = candidate(next, file, room);
        if (!*room) continue;
        error = attempt(room, call);
        if (error == EACCES) {
            denied = 1;
            if (is_file(room, F_OK)) name = NULL; /* it exists, if not for us */
        } else if (error == ENOENT || error == ENOTDIR) {
            const char *what = name == file ? missing(room, head) : room;
            if (what != room) name = what;
        } else if (error != ESTALE && error != ENODEV && error != ETIMEDOUT) return error;
    }
    if (name) record(name, strlen(name));
    return denied ? EACCES : error;
}

static int exec_file(const char *file, char *const argv[], char *const envp[])
{
    struct exec exec = { argv, envp };
    errno = search(file, try_exec, &exec);
    return -1;
}

/* ---- the interposed functions ------------------------------------------ */

#define COLLECT(first)                                                        \
    va_list list;                                                             \
    size_t count = 1;                                                         \
    for (va_start(list, first); va_arg(list, char *); count++) continue;      \
    va_end(list);                                                             \
    char *argv[count + 1];                                                    \
    va_start(list, first);                                                    \
    argv[0] = (char *)first;                                                  \
    for (size_t i = 1; i <= count; i++) argv[i] = va_arg(list, char *)

EXPORT int execve(const char *path, char *const argv[], char *const envp[]) { return exec_path(path, argv, envp); }
EXPORT int execv(const char *path, char *const argv[]) { return exec_path(path, argv, environ); }
EXPORT int execvp(const char *file, char *const argv[]) { return exec_file(file, argv, environ); }
EXPORT int execvpe(const char *file, char *const argv[], char *const envp[]) { return exec_file(file, argv, envp); }
EXPORT int execl(const char *path, const char *arg, ...) { COLLECT(arg); va_end(list); return exec_path(path, argv, environ); }
EXPORT int execlp(const char *file, const char *arg, ...) { COLLECT(arg); va_end(list); return exec_file(file, argv, environ); }

EXPORT int execle(const char *path, const char *arg, ...)
{
    COLLECT(arg);
    char *const *envp = va_arg(list, char *const *);
    va_end(list);
    return exec_path(path, argv, envp);
}

EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                        const posix_spawnattr_t *attributes, char *const argv[], char *const envp[])
{
    struct spawn spawn = { pid, actions, attributes, { argv, envp } };
    return search(file, try_spawn, &spawn);
}

#include "attributes.h"
#include "keeper.h"

/* ---- dash ---------------------------------------------------------------- */

extern ssize_t __write(int fd, const void *text, size_t length);

static int ends(const char *text, size_t length, const char *end)
{
    size_t size = strlen(end);
    return length >= size && !memcmp(text + length - size, end, size);
}

/* "sh: 1: " or "sh: 1: eval: "; "sh: 1: hash: " is a question, not a call. */
static int opens_a_refusal(const char *text, size_t length)
{
    if (!ends(text, length, ": ") || ends(text, length, ": hash: ")) return 0;
    for (size_t i = 2; i < length; i++)
        if (text[i - 2] == ':' && text[i - 1] == ' ' && text[i] >= '0' && text[i] <= '9') return 1;
    return 0;
}

/* dash looks a name up itself and never calls exec, but it writes its message
 * even when stderr is hidden or closed, and in pieces that no echo makes:
 * "sh: 1: ", "name: not found", "\n". */
static void read_message(const char *text, size_t length)
{
    static int opened;
    if (opened && length > 11 && ends(text, length, ": not found")) {
        if (refused_by != syscall(SYS_getpid)) record(text, length - 11);
        refused_by = 0;
    }
    opened = opens_a_refusal(text, length);
}

EXPORT ssize_t write(int fd, const void *text, size_t length)
{
    if (fd == 2 && program == DASH && text) read_message(text, length);
    if (self && write_moments(fd, text, length, -1)) return -1;
    return __write(fd, text, length);
}

/* ---- at the start of every process --------------------------------------- */

__attribute__((constructor)) static void start(int argc, char **argv)
{
    char path[PATH_MAX + 1];
    long length = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", path, PATH_MAX);
    path[length > 0 ? length : 0] = 0;
    const char *name = length > 0 ? basename_of(path) : program_invocation_short_name;
    program = !strcmp(name, "bash") ? BASH : !strcmp(name, "dash") ? DASH : OTHER;
    order_names(argc, argv, name);
    tell_executed(argc, argv);
    program_moment(argc, argv, name, program == BASH && argc > 2 && !strcmp(argv[1], "-p") && !strcmp(argv[2], STUB));
    if (program != BASH) return;
    answer_at_once(argc, argv);
    keep(argc, argv);
    add_builtins();
    take_witness();
    on_exit(record_end, NULL);
    heal_working_directory(argc, argv);
    if (syscall(SYS_getpid) != 1 && reads_bash_env(argc, argv)) give_child_file();
}
