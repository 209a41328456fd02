/*
 * Moments: the places at which a sweep may let something happen to a run. Each
 * has a name that is the same in every run: its process (by whom it was started
 * as which child, from the called shell on) and its number there. They are
 *
 *   s  before a step           c  a program, or a call of a stub, begins
 *   b  before a change         e  a call of a stub has ended
 *   a  a file was opened anew  h  half of a write is done
 *
 * Of a run that is asked so (mode t) each is told, by an M record; in one that
 * is asked so (mode a) the one that is named is told, and happens:
 *
 *   d  this process dies       p  all die, as in a power cut
 *   e  the call complains, does nothing and ends with a code
 *   s  a signal ends it
 *   h  it hangs until a timeout(1) above it has waited long enough
 *   f  from here on no space is left
 *   w  it waits until the host lets it go on (hold.h)
 *
 * What is counted lies in a file that all processes of the run map, an entry
 * each: it outlives exec, closed descriptors and `env -i`. Its form is known to
 * harness/shell/moments.ts.
 */
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>

#define MOMENTS "/run/shellrig/box/moments"
#define PROCESSES 1023
#define JOBS 8
#define FROM_STUB 1 /* the real program behind a stub: its call is the stub's */
#define IS_STUB 2

struct moments { char mode, action; volatile char is_held, may_go; int number, argument; volatile int is_full, is_lost; char process[44]; volatile char turns[JOBS], has_begun; char names[439]; };
struct process { volatile int pid; volatile int moments, children; int flags, unused; char path[44]; };

static struct moments *moments;
static struct process *self;
static int quiet; /* while shellrig itself is at work */
static char program_name[NAME_MAX + 1];

#include "hold.h"

/* ---- processes --------------------------------------------------------------- */

static struct process *find_process(long pid, int make)
{
    struct process *all = (struct process *)(moments + 1);
    for (int i = 0; i < PROCESSES; i++) {
        struct process *found = all + (pid + i) % PROCESSES;
        int none = 0;
        if (found->pid == pid) return found;
        if (found->pid) continue;
        if (!make) return NULL;
        if (__atomic_compare_exchange_n(&found->pid, &none, (int)pid, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return found;
    }
    moments->is_lost = 1;
    return NULL;
}

static struct process *make_child(long pid, const struct process *parent, int number)
{
    struct process *child = find_process(pid, 1);
    char digits[24];
    if (!child) return NULL;
    put_number(digits, number);
    if (strlen(parent->path) + strlen(digits) + 2 > sizeof child->path) {
        moments->is_lost = 1;
        return NULL;
    }
    char *end = stpcpy(child->path, parent->path);
    *end = '.';
    strcpy(end + 1, digits);
    child->flags = parent->flags & IS_STUB ? FROM_STUB : 0;
    return child;
}

static void map_moments(void)
{
    struct stat found;
    int fd = syscall(SYS_openat, AT_FDCWD, MOMENTS, O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    size_t size = sizeof *moments + PROCESSES * sizeof *self;
    if (!syscall(SYS_fstat, fd, &found) && (size_t)found.st_size == size) {
        void *memory = (void *)syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (memory != MAP_FAILED) moments = memory;
    }
    syscall(SYS_close, fd);
}

/* For a program that begins: a process of the run is one whose parent is. */
static void join_moments(void)
{
    map_moments();
    if (!moments) return;
    long pid = syscall(SYS_getpid), parent = syscall(SYS_getppid);
    self = find_process(pid, 0);
    for (int i = 0; !self && i < ANCESTORS && parent > 1; i++, parent = parent_of(parent)) {
        struct process *above = find_process(parent, 0);
        if (!above) continue;
        /* Not by fork, which knows before it whose child it makes. */
        self = make_child(pid, above, __atomic_fetch_add(&above->children, 1, __ATOMIC_SEQ_CST));
        return;
    }
}

static void begin_moments(void)
{
    map_moments();
    if (!moments) return;
    self = find_process(syscall(SYS_getpid), 1);
    if (self) strcpy(self->path, "0");
}

extern pid_t __fork(void);

__attribute__((visibility("default"))) pid_t fork(void)
{
    struct process *parent = self;
    if (!parent || parent->pid != syscall(SYS_getpid)) return __fork();
    int number = __atomic_fetch_add(&parent->children, 1, __ATOMIC_SEQ_CST);
    expect_job(number);
    pid_t pid = __fork();
    if (!pid) self = make_child(syscall(SYS_getpid), parent, number);
    return pid;
}

/* ---- records ----------------------------------------------------------------- */

static char *add_text(char *to, const char *end, const char *text)
{
    while (*text && to < end - 1) *to++ = *text++;
    *to++ = 0;
    return to;
}

static void tell_moment(int number, char kind, const char *what, const char *const site[3])
{
    char line[4096] = "M7", *at = line + 3, *end = line + sizeof line - 512;
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    long pid = syscall(SYS_getpid);
    at = put_number(at, pid);
    for (int i = 1; i < ANCESTORS && pid > 1 && (pid = parent_of(pid)) > 1; i++) {
        at[-1] = ',';
        at = put_number(at, pid);
    }
    at = stpcpy(at, self->path);
    *at++ = ' ';
    at = put_number(at, number);
    at[-1] = ' ';
    *at++ = kind;
    *at++ = ' ';
    *at++ = kind == 'c' && timeout_above() ? '1' : '0';
    *at++ = ' ';
    *at++ = moments->is_lost ? '1' : '0';
    *at++ = 0;
    at = add_text(at, end, program_name);
    at = add_text(at, end, what);
    for (int i = 0; i < 3; i++) at = add_text(at, line + sizeof line - 4 + i, site ? site[i] : "");
    syscall(SYS_write, fd, line, at - line);
    syscall(SYS_close, fd);
}

/* ---- what happens ------------------------------------------------------------ */

static void end_self(int signal)
{
    syscall(SYS_kill, syscall(SYS_getpid), signal);
}

static int happen(void)
{
    switch (moments->action) {
    case 'p':
        syscall(SYS_kill, -1, SIGKILL);
        __attribute__((fallthrough));
    case 'd':
        end_self(SIGKILL);
        break;
    case 'f':
        moments->is_full = 1;
        break;
    case 's':
        end_self(moments->argument);
        return 128 + moments->argument;
    case 'h':
        hang();
        break;
    case 'w':
        hold();
        break;
    case 'e':
        return moments->argument;
    }
    return 0;
}

/* After vfork, memory is the parent's. */
static int has_moments(void)
{
    return self && self->pid == syscall(SYS_getpid);
}

static int is_next(void)
{
    return moments->mode == 'a' && self->moments == moments->number && !strcmp(self->path, moments->process);
}

/* Returns the code with which a call is to end instead, or 0. */
static int moment(char kind, const char *what, const char *const site[3])
{
    int error = errno;
    wait_for_turn();
    int is_it = is_next(), number = self->moments++, code = 0;
    if (is_it || moments->mode == 't') tell_moment(number, kind, what, site);
    if (is_it) code = happen();
    errno = error;
    return code;
}

/* A program that fails says so. */
static void complain_of(const char *name)
{
    char text[NAME_MAX + 64], *end = text + sizeof text;
    char *at = add_text(text, end - 32, name) - 1;
    at = stpcpy(at, ": fails in this sweep\n");
    syscall(SYS_write, 2, text, at - text);
}

/* A program begins, or a call of a stub: the words are told as far as there is room. */
static int call_moment(const char *name, int count, char **args)
{
    char what[1024], *at = what, *end = what + sizeof what - 1;
    const char *called = name;
    if (!has_moments()) return 0;
    while (*name && at < end) *at++ = *name++;
    for (int i = 0; i < count && at < end; i++) {
        *at++ = ' ';
        for (const char *arg = args[i]; *arg && at < end; ) *at++ = *arg++;
    }
    *at = 0;
    int code = moment('c', what, NULL);
    if (code) complain_of(called);
    return code;
}

static void step_moment(const char *command, const char *line, const char *function, const char *file)
{
    const char *site[3] = { line, function, file };
    if (!strncmp(command, "_rig_", 5) || !strncmp(command, "\"${_rig_", 8)) return;
    if (!quiet && has_moments() && strncmp(file, "/run/shellrig/bash/", 19)) moment('s', command, site);
}

/* At the start of every program. */
static void program_moment(int argc, char **argv, const char *path, int is_stub)
{
    add_text(program_name, program_name + sizeof program_name, basename_of(path));
    join_moments();
    if (!self) return;
    quiet = is_stub;
    if (is_stub) self->flags |= IS_STUB;
    else if (self->flags & FROM_STUB) self->flags = 0;
    else if (argc && strncmp(argv[0], "/run/shellrig/host/", 19)) {
        int code = call_moment(basename_of(argv[0]), argc - 1, argv + 1);
        if (code) for (;;) syscall(SYS_exit_group, code);
    }
}
