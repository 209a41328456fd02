/*
 * Every program that is executed, for runs that ask for it: the arguments that
 * it got, which the list of processes shows to all, and the variables that it
 * was given, but for those that most processes have (record A,
 * harness/shell/protocol.ts). A program tells it of itself, at its start, so
 * that it is known whoever executed it, and a script by what its #! line made of
 * it. Stubs are told of elsewhere.
 */
#define EXECUTED "/run/shellrig/box/executed" /* not empty: this run asks */

static int is_usual(const char *entry)
{
    static const char *const usual[] = { "PATH", "HOME", "PWD", "OLDPWD", "SHLVL", "SHELL", "TERM", "LANG", "LC_ALL", "USER", "LOGNAME", "HOSTNAME", "TMPDIR", "_", "BASH_ENV", "SHELLRIG_BASH_ENV" };
    const char *equals = strchr(entry, '=');
    for (size_t i = 0; equals && i < sizeof usual / sizeof *usual; i++)
        if (strlen(usual[i]) == (size_t)(equals - entry) && !memcmp(entry, usual[i], equals - entry)) return 1;
    return !equals;
}

static int tells_executed(void)
{
    struct stat found;
    return !syscall(SYS_newfstatat, AT_FDCWD, EXECUTED, &found, 0) && found.st_size;
}

static void tell_executed(int argc, char **argv)
{
    int error = errno, words = argc + 2;
    if (!tells_executed() || (argc > 2 && !strcmp(argv[1], "-p") && !strcmp(argv[2], STUB))) {
        errno = error;
        return;
    }
    size_t size = 64 + CHAIN * 12;
    for (int i = 0; i < argc; i++) size += strlen(argv[i]) + 1;
    for (char **at = environ; at && *at; at++) if (!is_usual(*at)) size += strlen(*at) + 1, words++;
    char *record = (char *)syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at = record;
    if (record != MAP_FAILED) {
        *at = 'A';
        at = put_chain(put_number(at + 1, words));
        at = put_number(at, argc);
        for (int i = 0; i < argc; i++) at = join(at, argv[i]) + 1;
        for (char **entry = environ; entry && *entry; entry++) if (!is_usual(*entry)) at = join(at, *entry) + 1;
        int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
        if (fd >= 0) {
            syscall(SYS_write, fd, record, at - record);
            syscall(SYS_close, fd);
        }
        syscall(SYS_munmap, record, size);
    }
    errno = error;
}
