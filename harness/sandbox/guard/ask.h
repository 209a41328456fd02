/*
 * A stub whose answer varies asks the host for it, through a slot of the box
 * (harness/shell/protocol.ts), as _rig_ask of answer.sh does.
 */
#define SLOT "/run/shellrig/box/"
#define SLOTS 16

static char *slot_file(char path[64], const char *folder, int slot)
{
    put_number(join(join(path, SLOT), folder), slot);
    return path;
}

/* Claimed by O_EXCL: whoever makes the file has the slot. */
static int claim_slot(void)
{
    struct timespec pause = { 0, 10000000 };
    char path[64];
    for (int slot = 0; ; ) {
        int fd = syscall(SYS_openat, AT_FDCWD, slot_file(path, "slots/", slot), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            syscall(SYS_close, fd);
            return slot;
        }
        slot = (slot + 1) % SLOTS;
        if (!slot) syscall(SYS_nanosleep, &pause, NULL);
    }
}

static void tell_host(const char *word, int slot, const char *id)
{
    char line[160], *at = join(line, word);
    *at++ = ' ';
    at = put_number(at, slot);
    at[-1] = ' ';
    at = join(at, id);
    *at++ = '\n';
    int fd = syscall(SYS_openat, AT_FDCWD, SLOT "host", O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0) return;
    syscall(SYS_write, fd, line, at - line);
    syscall(SYS_close, fd);
}

/* Waits for the host's line. Returns whether there is a word in it. */
static int await_line(const char *path)
{
    char letter;
    long count, length = 0;
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    if (fd < 0) return 0;
    while ((count = syscall(SYS_read, fd, &letter, 1)) == 1 ? letter != '\n' : count < 0 && errno == EINTR) length += count == 1;
    syscall(SYS_close, fd);
    return length > 0;
}

/* A word while there is something to unpack, nothing when the answer is there. */
static int is_to_unpack(int slot)
{
    char path[64];
    return await_line(slot_file(path, "wake/", slot));
}

static int unpack_file(char *path)
{
    struct word word = { path, 0 };
    struct words words = { NULL, &word };
    return unpack(&words);
}

static int read_reply(const char *path, struct answer *answer)
{
    size_t length;
    struct answer reply = { 0 };
    char *text = private_text(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY), &length);
    if (!text || !read_answer(text, text + length, &reply)) return 0;
    *answer = reply;
    return 1;
}

/* Puts the host's answer in the place of the stub's own. Returns the slot. */
static int ask(struct answer *answer, const char *id)
{
    char path[64];
    int slot = claim_slot();
    tell_host("ask", slot, id);
    while (is_to_unpack(slot)) {
        is_silent = 1;
        tell_host(unpack_file(slot_file(path, "tar/", slot)) ? "failed" : "unpacked", slot, id);
        is_silent = 0;
    }
    read_reply(slot_file(path, "reply/", slot), answer);
    return slot;
}

/* A supervisor answers when its turn has come (turn.sh): until then this waits as any process does. */
static void take_turn(struct answer *answer)
{
    char path[64];
    int turn = strtol(answer->text, NULL, 10);
    await_line(slot_file(path, "beside/wake/", turn));
    read_reply(slot_file(path, "beside/reply/", turn), answer);
}

/* The host has said all; what it had the stub write is written. */
static void free_slot(struct answer *answer, int slot, const char *id)
{
    char path[64];
    if (*answer->files) unpack_file(slot_file(path, "tar/", slot));
    tell_host("free", slot, id);
    *answer->files = 0;
}
