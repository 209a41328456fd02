/*
 * `_rig_redirect INPUT OUTPUT ERRORS [DESCRIPTOR]`: opens these files as the
 * shell's standard streams, and closes the descriptor. As `exec` does it, which
 * a script may have made a function, as it may `command`; and `builtin exec`
 * takes its redirections back. What begins with them has started no job yet, but
 * `$!` would tell it of the one that began before it.
 */
#include "words.h"
#include <stdio.h>

/* Of bash's jobs.h: what `$!` is, and that it is unset. */
extern pid_t last_asynchronous_pid __attribute__((weak));
#define NO_PID ((pid_t)-1)

static int redirect(struct words *words)
{
    int status = 0;
    if (&last_asynchronous_pid) last_asynchronous_pid = NO_PID;
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
