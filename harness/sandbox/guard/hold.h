/*
 * How a process stays at a moment: for good, as a call that hangs, or until the
 * host has done what it has to do there (harness/shell/interposer.ts). Time by a
 * virtual clock stands meanwhile: to that it is a process that waits like any
 * other, and the host is asked before time moves.
 */
#define HELD "/run/shellrig/box/held" /* FIFOs: a byte lets one process go on */
#define TURN "/run/shellrig/box/turn/" /* and the number of a turn */

/* Where the clock's library is loaded too: reads a byte, in its eyes waiting for it. */
extern void _rig_await(int file) __attribute__((weak));

/* The nearest timeout(1) above this process, or 0. */
static long timeout_above(void)
{
    long pid = syscall(SYS_getppid);
    for (int i = 0; i < ANCESTORS && pid > 1; i++, pid = parent_of(pid)) {
        char text[64];
        if (read_proc(pid, "/comm", text, sizeof text) < 0) return 0;
        if (!strcmp(text, "timeout\n")) return pid;
    }
    return 0;
}

/* timeout(1) ends itself and not its command when its time is over before it waits. */
static int waits(long pid)
{
    char text[512], *at = status_of(pid, text);
    return !at || *at == 'S';
}

static void hang(void)
{
    struct timespec pause = { 0, 1000000 };
    long above = timeout_above();
    for (int i = 0; above && i < 5000 && !waits(above); i++) syscall(SYS_nanosleep, &pause, NULL);
    if (above) syscall(SYS_kill, above, SIGALRM);
    for (;;) syscall(SYS_ppoll, NULL, 0, NULL, NULL, 8);
}

static void await_host(const char *fifo)
{
    int fd = syscall(SYS_openat, AT_FDCWD, fifo, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    if (_rig_await) _rig_await(fd);
    syscall(SYS_close, fd);
}

static void hold(void)
{
    moments->is_held = 1;
    await_host(HELD);
}

/* Whether a name is that of this process, or of one that it comes from. */
static int is_of(const char *name, size_t length)
{
    return !strncmp(self->path, name, length) && (!self->path[length] || self->path[length] == '.');
}

/* Which of those that take turns this process is or comes from; -1 for none. More than there is room for share the last turn. */
static int turn_here(void)
{
    int turn = 0;
    for (const char *name = moments->names; *name; name += strcspn(name, " "), name += *name == ' ') {
        size_t length = strcspn(name, " ");
        if (*name == '!' && is_of(name + 1, length - 1)) return -1;
        if (*name == '!') continue;
        if (is_of(name, length)) return length > 1 || moments->has_begun ? turn : -1;
        if (turn < JOBS - 1) turn++;
    }
    return -1;
}

/* The job of the moment is about to be a child of this process, by this number. */
static void expect_job(int number)
{
    const char *name = moments->names + 1, *rest = name + strlen(self->path) + 1;
    char digits[24];
    put_number(digits, number);
    if (moments->names[0] != '!' || strncmp(name, self->path, rest - name - 1) || rest[-1] != '.') return;
    if (!strncmp(rest, digits, strlen(digits)) && rest[strlen(digits)] == ' ') moments->has_begun = 1;
}

/* A job in the background goes on only while all others wait, from moment to moment, or as long as it is said to; and
 * where the process that is to be held is or comes from one, so does the rest, from when that has begun. */
static void wait_for_turn(void)
{
    char fifo[64] = TURN;
    if (moments->action != 'w') return;
    int turn = turn_here();
    if (turn < 0 || moments->may_go == turn + 1) return;
    fifo[sizeof TURN - 1] = '0' + turn;
    __atomic_fetch_add(&moments->turns[turn], 1, __ATOMIC_SEQ_CST);
    await_host(fifo);
}
