/*
 * `_rig_witness open|begin|look|end`: what happens to a few paths while a run
 * goes on, for runs that ask for it. The kernel tells of every name that is
 * made, moved and removed and of every write, by inotify; it is asked before
 * each step, so that the step which did it is known, and a directory that one
 * command makes is watched before the next command puts something into it.
 *
 * The server opens the descriptor (open) and keeps it, whatever the run closes
 * or kills, and for good, as the kernel takes 10 ms to take one back; the run's
 * processes inherit it, at a number that scripts do not use. begin is for the
 * run, once it has what it is given; end is for the server, once the run is
 * over. Without a word it is closed, for a run that witnesses nothing. The
 * records (W2, harness/shell/protocol.ts) are raw: the host makes sense of them.
 */
#include "words.h"
#include <sys/inotify.h>
#include <sys/ioctl.h>

#define WITNESSED "/run/shellrig/box/witness" /* paths, each ended by NUL */
#define WITNESS 251
#define MOST_HASHED (4 << 20) /* bytes: as many take a few milliseconds */
#define TOLD (IN_CREATE | IN_MODIFY | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR | IN_DONT_FOLLOW)

static int has_witness;
static char witnessed[8192];
static size_t witnessed_length;

/* A script may have closed it, or put something else in its place. */
static int witness_is_open(void)
{
    static const char is[] = "anon_inode:inotify";
    char link[sizeof is];
    return syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/fd/251", link, sizeof link) == sizeof is - 1 && !memcmp(link, is, sizeof is - 1);
}

/* For a program that was started by one that has it. */
static void take_witness(void)
{
    if (!witness_is_open()) return;
    int fd = syscall(SYS_openat, AT_FDCWD, WITNESSED, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    long length = syscall(SYS_read, fd, witnessed, sizeof witnessed);
    syscall(SYS_close, fd);
    witnessed_length = length > 0 ? length : 0;
    has_witness = witnessed_length > 0;
}

/* ---- records -------------------------------------------------------------- */

static void tell(int log, const char *what, const char *text)
{
    char record[PATH_MAX + 128] = "W2", *at = record + 3;
    if (strlen(what) + strlen(text) > sizeof record - 8) return;
    at = stpcpy(at, what) + 1;
    at = stpcpy(at, text) + 1;
    syscall(SYS_write, log, record, at - record);
}

static char *add_number(char *to, long number, char before)
{
    *to = before;
    return put_number(to + 1, number) - 1;
}

static void tell_event(int log, const struct inotify_event *event)
{
    char what[64];
    add_number(add_number(what, event->wd < 0 ? 0 : event->wd, '!'), event->mask, ' ');
    tell(log, what, event->len ? event->name : "");
}

/* Of what lies in a file: FNV-1a, 64 bits. 0 for one that is larger than MOST_HASHED or cannot be read. */
static unsigned long content_of(const char *path, const struct stat *found)
{
    unsigned char room[4096];
    unsigned long hash = 0xcbf29ce484222325;
    if (!S_ISREG(found->st_mode) || found->st_size > MOST_HASHED) return 0;
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW);
    if (fd < 0) return 0;
    for (long length; (length = syscall(SYS_read, fd, room, sizeof room)) > 0; )
        for (long i = 0; i < length; i++) hash = (hash ^ room[i]) * 0x100000001b3;
    syscall(SYS_close, fd);
    return hash >> 1;
}

static void tell_state(int log, const char *path)
{
    struct stat found;
    char what[160] = "=";
    if (!syscall(SYS_newfstatat, AT_FDCWD, path, &found, AT_SYMLINK_NOFOLLOW)) {
        char *at = add_number(add_number(add_number(what, found.st_mode, '='), found.st_uid, ' '), found.st_gid, ' ');
        add_number(add_number(add_number(at, found.st_ino, ' '), found.st_size, ' '), content_of(path, &found), ' ');
    }
    tell(log, what, path);
}

/* ---- the paths -------------------------------------------------------------- */

#define EACH_PATH(path) const char *path = witnessed; path < witnessed + witnessed_length; path += strlen(path) + 1

/* A path's directories from the root on, as far as they are there. */
static void witness_path(int log, const char *path)
{
    char room[PATH_MAX], what[32];
    for (const char *slash = path; slash; slash = strchr(slash + 1, '/')) {
        size_t length = slash == path ? 1 : slash - path;
        if (length >= sizeof room) return;
        memcpy(room, path, length);
        room[length] = 0;
        long watch = syscall(SYS_inotify_add_watch, WITNESS, room, TOLD);
        if (watch < 0) {
            int is_absent = errno == ENOENT || errno == ENOTDIR;
            tell(log, is_absent ? "-" : "lost", room);
            return;
        }
        add_number(what, watch, '+');
        tell(log, what, room);
    }
}

static void witness_all(int log)
{
    for (EACH_PATH(path)) {
        witness_path(log, path);
        tell_state(log, path);
    }
}

static int is_on_a_path(const char *name)
{
    size_t length = strlen(name);
    for (EACH_PATH(path))
        for (const char *slash = path; slash; slash = strchr(slash + 1, '/'))
            if (!strncmp(slash + 1, name, length) && (!slash[1 + length] || slash[1 + length] == '/')) return 1;
    return 0;
}

/* ---- looking -------------------------------------------------------------- */

/* Several processes may look at one time; the lock keeps what they tell in order, and goes with the descriptor. */
static int open_log(void)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    int log = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (log >= 0) while (syscall(SYS_fcntl, log, F_SETLKW, &lock) && errno == EINTR) continue;
    return log;
}

/* Reads what waits; returns how much of it is about the paths. */
static int read_events(int log)
{
    char room[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    int count = 0;
    for (long length; (length = syscall(SYS_read, WITNESS, room, sizeof room)) > 0; )
        for (long at = 0; at < length; ) {
            const struct inotify_event *event = (const void *)(room + at);
            at += sizeof *event + event->len;
            if (event->mask & IN_IGNORED || !(event->mask & IN_Q_OVERFLOW || (event->len && is_on_a_path(event->name)))) continue;
            if (log >= 0) tell_event(log, event);
            count++;
        }
    return count;
}

static void look(void)
{
    int waiting = 0, error = errno;
    if (witness_is_open() && !syscall(SYS_ioctl, WITNESS, FIONREAD, &waiting) && waiting > 0) {
        int log = open_log();
        if (log >= 0) {
            if (read_events(log)) witness_all(log);
            syscall(SYS_close, log);
        }
    }
    errno = error;
}

static void open_witness(void)
{
    has_witness = 0;
    if (!witness_is_open()) {
        int fd = syscall(SYS_inotify_init1, IN_NONBLOCK | IN_CLOEXEC);
        if (fd < 0) return;
        long moved = syscall(SYS_fcntl, fd, F_DUPFD, WITNESS);
        if (moved >= 0 && moved != WITNESS) syscall(SYS_close, moved);
        syscall(SYS_close, fd);
    }
    take_witness();
}

static void begin_witness(void)
{
    int log = open_log();
    if (log < 0) return;
    read_events(-1);
    tell(log, "begin", "");
    witness_all(log);
    syscall(SYS_close, log);
}

static int witness(struct words *words)
{
    const char *word = words ? words->word->text : "";
    if (!strcmp(word, "open")) open_witness();
    if (!*word && witness_is_open()) syscall(SYS_close, WITNESS);
    if (!*word) has_witness = 0;
    if (!has_witness) return 0;
    if (!strcmp(word, "begin")) begin_witness();
    if (!strcmp(word, "look") || !strcmp(word, "end")) look();
    if (!strcmp(word, "end") && witness_is_open()) {
        int log = open_log();
        witness_all(log);
        tell(log, "end", "");
        syscall(SYS_close, log);
    }
    return 0;
}
