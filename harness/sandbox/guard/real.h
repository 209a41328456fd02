/*
 * The real program behind a stub, under its own name: as a child, so that its
 * end is recorded, to which signals are handed on, as _rig_real of answer.sh does.
 */
#include <signal.h>
#include <sys/wait.h>

static volatile long real_child;
static volatile int real_ended; /* by a signal that a child in the background ignores */

static void hand_on(int number)
{
    int error = errno, ends = number == SIGINT || number == SIGQUIT;
    if (ends) real_ended = 128 + number;
    syscall(SYS_kill, real_child, ends ? SIGTERM : number);
    errno = error;
}

/* A file that bash would have to read itself, since the kernel does not, is left to it. */
static int is_executable(const char *path)
{
    char head[4];
    int is_known = 0, fd = is_file(path, X_OK) ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (fd < 0) return 0;
    if (syscall(SYS_read, fd, head, sizeof head) == sizeof head) is_known = !memcmp(head, "#!", 2) || !memcmp(head, "\177ELF", 4);
    syscall(SYS_close, fd);
    return is_known;
}

/* Returns the exit code. */
static int run_real(const char *program, char **argv)
{
    static const int handed_on[] = { SIGHUP, SIGTERM, SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH, SIGINT, SIGQUIT };
    struct sigaction ours = { .sa_handler = hand_on }, plain = { .sa_handler = SIG_DFL }, ignored = { .sa_handler = SIG_IGN }, waiting, found;
    sigset_t all, before;
    int status = 0;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    sigaction(SIGCHLD, &plain, &waiting);
    real_child = fork();
    if (!real_child) {
        sigaction(SIGCHLD, &waiting, NULL);
        sigaction(SIGINT, &ignored, NULL);
        sigaction(SIGQUIT, &ignored, NULL);
        sigprocmask(SIG_SETMASK, &before, NULL);
        syscall(SYS_execve, program, argv, environ);
        syscall(SYS_exit_group, errno == ENOENT ? 127 : 126);
    }
    for (size_t i = 0; i < sizeof handed_on / sizeof *handed_on; i++)
        if (!sigaction(handed_on[i], NULL, &found) && found.sa_handler != SIG_IGN) sigaction(handed_on[i], &ours, NULL);
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (real_child < 0) return 126;
    while (syscall(SYS_wait4, real_child, &status, 0, NULL) < 0 && errno == EINTR) continue;
    if (real_ended) return real_ended;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
