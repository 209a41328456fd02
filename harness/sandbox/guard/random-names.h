/*
 * Names that mktemp makes are random; here they come in one order, the first
 * that is free, so that a run does the same each time and its effects can be
 * compared. They are put in the place of the random ones, in mktemp's own
 * memory, as it is about to make the file. `mktemp -u` makes none by which the
 * next would know: its names stay random.
 */
#include <stdint.h>

static size_t random_length, suffix_length; /* of a name; 0: random names are left alone */

static void order_names(int argc, char **argv, const char *name)
{
    const char *template = "XXXXXXXXXX", *end;
    size_t suffix = 0;
    if (strcmp(name, "mktemp")) return;
    for (int i = 1; i < argc; i++) {
        const char *word = argv[i];
        if (!strncmp(word, "--suffix=", 9)) suffix = strlen(word + 9);
        else if (!strcmp(word, "--suffix") || !strncmp(word, "--dry", 5) || (*word == '-' && word[1] != '-' && strchr(word, 'u'))) return;
        else if (*word != '-' && strstr(word, "XXX")) template = word;
    }
    end = strrchr(template, 'X') + 1;
    suffix_length = suffix + strlen(end);
    while (end > template && end[-1] == 'X') end--, random_length++;
}

static void order_name(const char *path)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static uint64_t state;
    size_t length = random_length ? strlen(path) : 0;
    if (!length || length < random_length + suffix_length) return;
    char *at = (char *)path + length - suffix_length - random_length;
    for (size_t i = 0; i < random_length; i++) if (!strchr(letters, at[i])) return;
    for (size_t i = 0; i < random_length; i++) {
        /* splitmix64 */
        uint64_t mixed = state += 0x9e3779b97f4a7c15;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        at[i] = letters[(mixed ^ (mixed >> 31)) % (sizeof letters - 1)];
    }
}
