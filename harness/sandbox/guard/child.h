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

/* glibc hands main what environ is after the constructors. bash has a setenv
 * of its own that is not ready yet, and the array on the stack cannot grow. */
static void give_child_file(void)
{
    static char child[] = CHILD; /* bash writes into its environment */
    const char *before = variable(environ, "BASH_ENV");
    size_t count = 0, at = 0, room = before ? sizeof KEPT + strlen(before) : 0;
    if (before && !strcmp(before, CHILD + sizeof "BASH_ENV")) return;
    while (environ && environ[count]) count++;
    void *memory = (void *)syscall(SYS_mmap, NULL, (count + 3) * sizeof(char *) + room,
                                   PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    char **made = memory;
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
