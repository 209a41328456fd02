/*
 * `_rig_clock`, the builtin by which process 1 conducts a sandbox's time:
 *
 *   open START                       makes the page: it is that instant, and
 *                                    nobody but who sleeps moves it
 *   begin "START LIMIT BACKGROUND NEXT ASKS"
 *                                    it is that instant, and nobody waits: a
 *                                    run may begin, of which the host takes
 *                                    part at NEXT (host.h), and where ASKS is
 *                                    not 0 whenever everything waits
 *   run PID                          moves time until that process and all
 *                                    others have ended
 *
 * START is seconds since the epoch, the others are nanoseconds. What came of a
 * run is told to the host: "clock END SHELL NOW", the instants at which its
 * shell ended and at which all had, in nanoseconds since START. Returns 1 when
 * something has to be ended.
 */
#pragma once
#include "conduct.h"
#include "early.h"
#include "../../sandbox/guard/words.h"

extern struct builtin *shell_builtins __attribute__((weak));
extern int num_shell_builtins __attribute__((weak));

/* The next in a word that holds several: whatever IFS a script has set. */
static int64_t next_number(char **at)
{
    return strtoll(*at, at, 10);
}

static void set_start(int64_t start)
{
    shared->start = shared->now = shared->waited = start * SECOND;
    shared->beginning = shared->sent = shared->readers = shared->dates = shared->marks = shared->timers = shared->sockets = conductor.ticks = 0;
    memset(shared->socket, 0, sizeof shared->socket);
}

/* When this process was made, and its tree after it; the kernel counts in hundredths of a second. "1 (name) ... START", the 22nd. */
static int64_t birth(void)
{
    char text[512], *at;
    int file = open_file("/proc/1/stat", O_RDONLY);
    long length = file < 0 ? -1 : read_at(file, text, sizeof text);
    if (file >= 0) syscall(SYS_close, file);
    if (length <= 0 || !(at = strrchr(text, ')'))) return NEVER;
    for (int field = 2; field < 22 && at; field++) at = strchr(at + 1, ' ');
    return at ? kernel_clock(CLOCK_REALTIME) - kernel_clock(CLOCK_BOOTTIME) + (strtoll(at, NULL, 10) - 2) * (SECOND / 100) : NEVER;
}

/* The limit on memory is for the run. */
static int open_page(char *text)
{
    long id = syscall(SYS_shmget, KEY, sizeof *shared, IPC_CREAT | IPC_EXCL | 0666), at = id < 0 ? -1 : syscall(SYS_shmat, id, NULL, 0);
    if (at == -1) return 1;
    shared = (struct page *)at;
    shared->key = KEY;
    shared->made = birth();
    set_start(next_number(&text));
    struct stat found;
    if (!syscall(SYS_newfstatat, AT_FDCWD, PROGRAM, &found, 0)) {
        shared->sleep_device = found.st_dev;
        shared->sleep_inode = found.st_ino;
    }
    SET(shared->mode, SOURCING);
    return 0;
}

static int begin_run(char *text)
{
    set_start(next_number(&text));
    conductor.limit = after(shared->start, next_number(&text));
    conductor.background = next_number(&text);
    conductor.next_act = from_start(next_number(&text));
    conductor.asks = next_number(&text);
    conductor.was_asked = 0;
    conductor.spent = -1;
    while (shared->high) free_slot(&shared->slots[--shared->high]);
    conductor.stamped = open_file(BOX "clock", O_WRONLY);
    mark();
    syscall(SYS_close, conductor.stamped);
    SET(shared->mode, RUNNING);
    return 0;
}

static int run(char *text)
{
    static const char *const ends[] = { "ended", "stopped", "limit", "stuck" };
    struct sigaction child = { .sa_handler = on_child }, stop = { .sa_handler = on_stop }, old_child, old_stop;
    is_stopped = 0;
    conductor.main = next_number(&text);
    conductor.main_end = conductor.quiet_since = 0;
    sigaction(SIGCHLD, &child, &old_child);
    sigaction(SIGRTMAX, &stop, &old_stop);
    enum end end = conduct();
    int host = open_file(BOX "host", O_WRONLY);
    close_all();
    sigaction(SIGRTMAX, &old_stop, NULL);
    sigaction(SIGCHLD, &old_child, NULL);
    char line[128];
    int64_t shell = conductor.main_end ? conductor.main_end : shared->now;
    int length = sprintf(line, "clock %s %lld %lld\n", ends[end], (long long)(shell - shared->start), (long long)(shared->now - shared->start));
    syscall(SYS_write, host, line, length);
    syscall(SYS_close, host);
    return end != ENDED;
}

static int conduct_clock(struct words *words)
{
    const char *word = words ? words->word->text : "";
    if (syscall(SYS_getpid) != 1 || !words || !words->next) return 1;
    char *text = words->next->word->text;
    if (!strcmp(word, "open")) return open_page(text);
    if (!shared) return 1;
    return !strcmp(word, "begin") ? begin_run(text) : !strcmp(word, "run") ? run(text) : 1;
}

/* bash calls its builtins by a table, which it sorts when it begins, after this. */
static void add_builtin(void)
{
    static char *const doc[] = { NULL };
    if (!&shell_builtins) return;
    struct builtin *table = malloc((num_shell_builtins + 2) * sizeof *table);
    if (!table) return;
    memcpy(table, shell_builtins, num_shell_builtins * sizeof *table);
    table[num_shell_builtins++] = (struct builtin){ "_rig_clock", conduct_clock, 1, doc, "", NULL };
    memset(table + num_shell_builtins, 0, sizeof *table);
    shell_builtins = table;
}
