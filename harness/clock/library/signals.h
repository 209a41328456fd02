/*
 * How many signals a process was sent that end its waits (not those of its
 * children, and not where it asked for waits to go on): its own handler is called
 * by one that counts, and it does not see that one.
 */
#pragma once
#include <signal.h>

#define SIGNALS 65

typedef void handler_t(int signal, siginfo_t *info, void *context);

extern int __sigaction(int signal, const struct sigaction *action, struct sigaction *old);

static handler_t *handlers[SIGNALS];
static volatile unsigned signals;

static void count(int signal, siginfo_t *info, void *context)
{
    signals++;
    handlers[signal](signal, info, context);
}

static int is_counted(int signal, const struct sigaction *action)
{
    int ends_waits = signal != SIGCHLD && !(action->sa_flags & SA_RESTART);
    return ends_waits && signal > 0 && signal < SIGNALS && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

/* As sigaction(). */
static int handle(int signal, const struct sigaction *action, struct sigaction *old)
{
    handler_t *before = signal > 0 && signal < SIGNALS ? handlers[signal] : NULL;
    struct sigaction counting;
    if (action && is_counted(signal, action)) {
        counting = *action;
        counting.sa_sigaction = count;
        handlers[signal] = action->sa_sigaction;
        action = &counting;
    }
    int result = __sigaction(signal, action, old);
    if (result && before) handlers[signal] = before;
    else if (old && old->sa_sigaction == count) old->sa_sigaction = before;
    return result;
}
