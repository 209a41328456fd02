/*
 * What a stub needs to answer before bash has begun (answer.h): its answer, and
 * the record of its call.
 */
#include <sys/mman.h>
#include <sys/random.h>

#define ANSWERS "/run/shellrig/answers/"
#define GIVEN_ANSWERS "/run/shellrig/box/answers/"
#define CHAIN 256 /* processes that led to a call, as far as they are told */

/* The answers file of a stub (harness/stubs/answers.ts), values unquoted in place. */
struct answer { char *mode, *exit, *out, *err, *takes, *files, *stdin, *real, *text; size_t out_length, err_length; };

static char *join(char *to, const char *text)
{
    size_t length = strlen(text);
    memcpy(to, text, length + 1);
    return to + length;
}

static char *put_time(char *to)
{
    struct timespec now = instant();
    char *point = put_number(to, now.tv_sec) - 1, *end = put_number(point, 1000000 + now.tv_nsec / 1000);
    *point = '.';
    return end;
}

/* Its number, as slots.ts has it first, and the instant; a virtual clock stands, so by chance too. */
static void put_id(char *to)
{
    unsigned chance = 0;
    syscall(SYS_getrandom, &chance, sizeof chance, GRND_NONBLOCK);
    to = put_number(to, syscall(SYS_getpid));
    to[-1] = '.';
    to = put_time(to);
    to[-1] = '.';
    put_number(to, chance);
}

static int open_answers(const char *name)
{
    char path[sizeof GIVEN_ANSWERS + NAME_MAX + 1];
    if (strlen(name) > NAME_MAX) return -1;
    for (int given = 1; given >= 0; given--) {
        char *at = join(path, given ? GIVEN_ANSWERS : ANSWERS), *file = at;
        join(at, name);
        for (; *file; file++) if (*file == '/') *file = '%';
        int fd = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
        if (fd >= 0 || errno != ENOENT) return fd;
    }
    return -1;
}

/* The bytes of a descriptor's file, which the process may change as its own; NULL when there are none. */
static char *private_text(int fd, size_t *length)
{
    struct stat found;
    char *text = MAP_FAILED;
    if (fd < 0) return NULL;
    if (!syscall(SYS_fstat, fd, &found) && found.st_size > 0)
        text = (char *)syscall(SYS_mmap, NULL, *length = found.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    syscall(SYS_close, fd);
    return text == MAP_FAILED ? NULL : text;
}

/* NAME='VALUE' in each line; a quote in a value is '\''. Returns 0 for what is not that. */
static int read_answer(char *at, char *end, struct answer *answer)
{
    struct { const char *name; char **value; size_t *length; } fields[] = {
        { "mode", &answer->mode, NULL }, { "exit", &answer->exit, NULL }, { "takes", &answer->takes, NULL },
        { "files", &answer->files, NULL }, { "stdin", &answer->stdin, NULL }, { "real", &answer->real, NULL }, { "text", &answer->text, NULL },
        { "out", &answer->out, &answer->out_length }, { "err", &answer->err, &answer->err_length },
    };
    while (at < end) {
        char *name = at + sizeof "answer_" - 1, *equals = memchr(at, '=', end - at), *to, *value;
        if (strncmp(at, "answer_", sizeof "answer_" - 1) || !equals || equals + 1 == end || equals[1] != '\'') return 0;
        *equals = 0;
        for (value = to = at = equals + 2; at < end; ) {
            if (*at != '\'') *to++ = *at++;
            else if (end - at >= 4 && !memcmp(at, "'\\''", 4)) *to++ = '\'', at += 4;
            else break;
        }
        if (end - at < 2 || at[1] != '\n') return 0;
        at += 2;
        *to = 0;
        for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
            if (!strcmp(name, fields[i].name)) {
                *fields[i].value = value;
                if (fields[i].length) *fields[i].length = to - value;
            }
    }
    return answer->mode && answer->exit && answer->out && answer->err && answer->takes && answer->files && answer->stdin && answer->real && answer->text;
}

/* The working directory as bash names it: PWD, where that is right. */
static int working_directory(char path[PATH_MAX])
{
    struct stat here, there;
    const char *pwd = variable(environ, "PWD");
    if (syscall(SYS_getcwd, path, PATH_MAX) <= 0 || *path != '/') return 0;
    if (!pwd || *pwd != '/' || syscall(SYS_newfstatat, AT_FDCWD, pwd, &there, 0)) return 1;
    if (syscall(SYS_newfstatat, AT_FDCWD, ".", &here, 0)) return 0;
    if (here.st_dev != there.st_dev || here.st_ino != there.st_ino) return 1;
    if (strstr(pwd, "//") || strstr(pwd, "/.") || strlen(pwd) >= PATH_MAX) return 0;
    join(path, pwd);
    return 1;
}

static void write_all(int fd, const char *text, size_t length)
{
    for (long count; length; text += count, length -= count)
        if ((count = syscall(SYS_write, fd, text, length)) <= 0) return;
}

/* This process and those that led to it. */
static char *put_chain(char *at)
{
    long pid = syscall(SYS_getpid);
    at = put_number(at, pid);
    for (int i = 1; i < CHAIN && pid > 1 && (pid = parent_of(pid)) > 0; i++) {
        at[-1] = ',';
        at = put_number(at, pid);
    }
    return at;
}

/* The record of the call, in one write. Returns 0 when there is no room for it or no log. */
static int record_call(const char *id, const char *name, const char *directory, int count, char **args)
{
    size_t size = 256 + CHAIN * 12 + strlen(name) + strlen(directory);
    for (int i = 0; i < count; i++) size += strlen(args[i]) + 1;
    char *record = (char *)syscall(SYS_mmap, NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *at = record;
    if (record == MAP_FAILED) return 0;
    *at = 'C';
    at = put_number(at + 1, count + 6);
    at = join(at, id) + 1;
    at = put_chain(at);
    at = join(at, name) + 1;
    at = put_time(at);
    at = join(at, directory) + 1;
    at = join(at, "c") + 1;
    for (int i = 0; i < count; i++) at = join(at, args[i]) + 1;
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    int is_written = fd >= 0 && syscall(SYS_write, fd, record, at - record) == at - record;
    if (fd >= 0) syscall(SYS_close, fd);
    syscall(SYS_munmap, record, size);
    return is_written;
}

static void record_call_end(const char *id, long code)
{
    char end[128] = "E3", *at = put_time(put_number(join(end + 3, id) + 1, code));
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    syscall(SYS_write, fd, end, at - end);
    syscall(SYS_close, fd);
}
