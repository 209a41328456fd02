/*
 * Bash children read child.sh before their own script. bash does so for
 * BASH_ENV; child.sh takes it out of the environment again, so that scripts do
 * not see it. Where bash would not read BASH_ENV, it is left alone.
 */
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define CHILD "BASH_ENV=/run/shellrig/bash/child.sh"
#define KEPT "SHELLRIG_BASH_ENV="
#define STUB "/run/shellrig/bash/stub"

/* As bash decides it: not as sh, in POSIX mode, privileged or interactive. */
static int reads_bash_env(int argc, char **argv)
{
    const char *self = argc ? basename_of(argv[0]) : "";
    if (!strcmp(self + (*self == '-'), "sh") || variable(environ, "POSIXLY_CORRECT")) return 0;
    for (int i = 1; i < argc && (*argv[i] == '-' || *argv[i] == '+') && strcmp(argv[i], "--"); i++) {
        const char *word = argv[i], *name = word + 1 + (word[1] == '-');
        if (!strcmp(name, "posix")) return 0;
        if (!strcmp(name, "rcfile") || !strcmp(name, "init-file")) i++;
        else if (word[1] != '-')
            for (const char *letter = name; *letter; letter++) {
                if (*word == '-' && (*letter == 'p' || *letter == 'i')) return 0;
                if ((*letter == 'o' || *letter == 'O') && ++i < argc && !strcmp(argv[i], "posix")) return 0;
            }
        if (i >= argc) break;
    }
    return 1;
}

/* A new environ for all that is there, some more variables and some bytes of
 * text behind them. bash has a setenv of its own that is not ready yet, and the
 * array on the stack cannot grow. */
static char **environment(size_t more, size_t bytes, size_t *count)
{
    for (*count = 0; environ && environ[*count]; ) ++*count;
    void *memory = (void *)syscall(SYS_mmap, NULL, (*count + more + 1) * sizeof(char *) + bytes,
                                   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* bash complains when it starts in a directory that was removed, unless PWD
 * names it. The command that a stub stands for would not have complained. */
static void heal_working_directory(int argc, char **argv)
{
    static char healed[] = "PWD=/proc/self/cwd";
    char path[PATH_MAX];
    if (argc < 3 || strcmp(argv[1], "-p") || strcmp(argv[2], STUB)) return;
    if (syscall(SYS_getcwd, path, sizeof path) > 0 && *path == '/') return;
    for (char **at = environ; at && *at; at++)
        if (!strncmp(*at, healed, sizeof "PWD")) {
            *at = healed;
            return;
        }
    size_t count = 0;
    char **made = environment(1, 0, &count);
    if (!made) return;
    memcpy(made, environ, count * sizeof *made);
    made[count] = healed;
    environ = made;
}

/* glibc hands main what environ is after the constructors. */
static void give_child_file(void)
{
    static char child[] = CHILD; /* bash writes into its environment */
    const char *before = variable(environ, "BASH_ENV");
    size_t count = 0, at = 0, room = before ? sizeof KEPT + strlen(before) : 0;
    if (before && !strcmp(before, CHILD + sizeof "BASH_ENV")) return;
    char **made = environment(2, room, &count);
    if (!made) return;
    for (size_t i = 0; i < count; i++) {
        int replaced = !strncmp(environ[i], CHILD, sizeof "BASH_ENV");
        if (before && !strncmp(environ[i], KEPT, sizeof KEPT - 1)) replaced = 1;
        if (!replaced) made[at++] = environ[i];
    }
    made[at++] = child;
    if (before) {
        char *kept = (char *)(made + count + 3);
        strcpy(kept, KEPT);
        strcat(kept, before);
        made[at++] = kept;
    }
    environ = made;
}
