/*
 * The keeper of a supervisor's processes (harness/systemd/processes.ts), in the
 * place of a bash that never begins: a start by bash takes three programs more.
 * It begins what the host orders, is the parent of all that, and asks how one
 * ended when the host has seen it, so that each stays a zombie until then. It
 * decides nothing, and ends with the run.
 *
 * An order is its length and a line's end, then words, each with a NUL:
 * start NUMBER OUTPUT ERRORS DIRECTORY UMASK ARGV0 COUNT VARIABLE... COMMAND...
 * run COMMAND... | send SIGNAL PID... | reap PID | end PID...
 */
#include <sys/wait.h>

#define KEEPER "/run/shellrig/keeper"

/* The clock's, if that is there: what began together goes on one after the other. */
extern void _rig_take_turn(void) __attribute__((weak));

static void tell_started(const char *what, long number, long value)
{
    char text[24];
    put_number(text, value);
    tell_host(what, number, text);
}

static char *next_word(char **at)
{
    char *word = *at;
    *at += strlen(word) + 1;
    return word;
}

static long next_number(char **at)
{
    return strtol(next_word(at), NULL, 10);
}

static size_t count_words(const char *at, const char *end)
{
    size_t count = 0;
    for (; at < end; at += strlen(at) + 1) count++;
    return count;
}

static void put_at(int fd, const char *path, int flags)
{
    int opened = syscall(SYS_openat, AT_FDCWD, path, flags | O_NOCTTY, 0666);
    if (opened < 0 || opened == fd) return;
    syscall(SYS_dup3, opened, fd, 0);
    syscall(SYS_close, opened);
}

/* As a process that nothing of the keeper's shows in. */
static void become(char *const argv[], char *const envp[], const char *path)
{
    struct sigaction plain = { .sa_handler = SIG_DFL };
    sigset_t none;
    for (int signal = 1; signal < 32; signal++) sigaction(signal, &plain, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    exec_file(path, argv, envp);
    syscall(SYS_exit_group, errno == ENOENT ? 127 : 126);
}

static void begin(char *at, char *end)
{
    long number = next_number(&at);
    char *output = next_word(&at), *errors = next_word(&at), *directory = next_word(&at);
    long mask = strtol(next_word(&at), NULL, 8);
    char *name = next_word(&at);
    size_t variables = next_number(&at), words = count_words(at, end), count = 0;
    char *all[words + 2];
    for (size_t i = 0; i < words; i++) {
        if (i == variables) all[count++] = NULL;
        all[count++] = next_word(&at);
    }
    all[count] = NULL;
    char **argv = all + variables + 1, *path = argv[0];
    if (*name) argv[0] = name;
    long pid = fork();
    if (!pid) {
        syscall(SYS_setsid);
        if (syscall(SYS_chdir, directory)) {
            tell_started("told refused", number, 200);
            syscall(SYS_exit_group, 200);
        }
        syscall(SYS_umask, mask);
        put_at(1, output, O_WRONLY | O_CREAT | O_APPEND);
        put_at(2, errors, O_WRONLY | O_CREAT | O_APPEND);
        if (_rig_take_turn) _rig_take_turn();
        become(argv, all, path);
    }
    if (pid > 0) tell_started("told started", number, pid);
}

static void run(char *at, char *end)
{
    size_t words = count_words(at, end);
    char *argv[words + 1];
    for (size_t i = 0; i < words; i++) argv[i] = next_word(&at);
    argv[words] = NULL;
    long pid = fork();
    if (!pid) become(argv, environ, argv[0]);
    while (pid > 0 && syscall(SYS_wait4, pid, NULL, 0, NULL) < 0 && errno == EINTR) continue;
}

static void carry_out_order(char *at, char *end)
{
    char *what = next_word(&at);
    if (!strcmp(what, "start")) begin(at, end);
    else if (!strcmp(what, "run")) run(at, end);
    else if (!strcmp(what, "reap")) syscall(SYS_wait4, next_number(&at), NULL, WNOHANG, NULL);
    else if (!strcmp(what, "send")) {
        long signal = next_number(&at);
        /* By the clock's, if that is there: who gets it acts on it before the next one does. */
        while (at < end) kill(next_number(&at), signal);
    } else {
        while (at < end) syscall(SYS_kill, next_number(&at), SIGKILL);
        syscall(SYS_exit_group, 0);
    }
}

/* Carries out the next order. Returns where the one after that begins, or 0 where none is there as a whole. */
static long next_order(int orders, long from)
{
    char head[24] = "", *at;
    if (syscall(SYS_pread64, orders, head, sizeof head - 1, from) <= 0) return 0;
    long length = strtol(head, &at, 10);
    if (*at != '\n') return 0;
    from += at + 1 - head;
    char *text = (char *)syscall(SYS_mmap, NULL, length + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int is_whole = syscall(SYS_pread64, orders, text, length, from) == length;
    if (is_whole) carry_out_order(text, text + length);
    syscall(SYS_munmap, text, length + 1);
    return is_whole ? from + length : 0;
}

static void keep(int argc, char **argv)
{
    static const int ignored[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGUSR1, SIGUSR2 };
    struct sigaction deaf = { .sa_handler = SIG_IGN };
    char letter;
    /* bash -p KEEPER */
    if (argc < 3 || strcmp(argv[1], "-p") || strcmp(argv[2], KEEPER)) return;
    program = OTHER;
    syscall(SYS_setsid);
    for (size_t i = 0; i < sizeof ignored / sizeof *ignored; i++) sigaction(ignored[i], &deaf, NULL);
    int bell = syscall(SYS_openat, AT_FDCWD, SLOT "beside/bell", O_RDWR | O_CLOEXEC | O_NOCTTY);
    int orders = syscall(SYS_openat, AT_FDCWD, SLOT "beside/orders", O_RDONLY | O_CLOEXEC | O_NOCTTY);
    tell_started("told keeper", syscall(SYS_getpid), 0);
    for (long from = 0, next; ; ) {
        while ((next = next_order(orders, from))) from = next;
        if (syscall(SYS_read, bell, &letter, 1) < 0 && errno != EINTR) syscall(SYS_exit_group, 1);
    }
}
