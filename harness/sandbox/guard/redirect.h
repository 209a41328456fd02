/*
 * `_rig_redirect INPUT OUTPUT ERRORS [DESCRIPTOR]`: opens these files as the
 * shell's standard streams, and closes the descriptor. As `exec` does it, which
 * a script may have made a function, as it may `command`; and `builtin exec`
 * takes its redirections back.
 */
#include "words.h"
#include <stdio.h>

static int redirect(struct words *words)
{
    int status = 0;
    fflush(stdout);
    for (int fd = 0; words; fd++, words = words->next) {
        if (fd > 2) {
            close(atoi(words->word->text));
            continue;
        }
        int opened = open(words->word->text, (fd ? O_WRONLY : O_RDONLY) | O_NOCTTY);
        if (opened == fd) continue;
        if (opened < 0 || dup2(opened, fd) < 0) status = 1;
        if (opened >= 0) close(opened);
    }
    return status;
}
