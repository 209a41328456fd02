/*
 * How a child of a shell is known that is to take its turn (turns.h), by the
 * first that it does: a job in the background ignores SIGINT (POSIX, 2.11 of the
 * shell's language), one that reads from a pipe has that as its input.
 */
#pragma once
#include "turns.h"
#include <linux/magic.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>

extern int __dup2(int from, int to);
extern pid_t __fork(void);
extern int _IO_fputs(const char *text, FILE *to);
extern int __vfprintf_chk(FILE *to, int flag, const char *format, va_list arguments);
extern struct builtin *shell_builtins __attribute__((weak));
extern int subshell_environment __attribute__((weak));
/* Of bash's command.h: this is a job in the background. */
#define SUBSHELL_ASYNC 1

/* Whose memory this was before a fork. */
static long known_process;

/* Once a process. */
static void take_turn(void)
{
    long pid = syscall(SYS_getpid);
    if (!page() || pid == known_process) return;
    known_process = pid;
    wait_as(START, 0);
}

/* Of others a child may share its parent's memory, which waits for it meanwhile (vfork). */
static int is_shell(void)
{
    return &shell_builtins || !strcmp(program_invocation_short_name, "sh") || !strcmp(program_invocation_short_name, "dash");
}

/* A pipe without a name: nobody writes to that of a here-document any more. */
static int is_written_to(int file)
{
    struct statfs found;
    int error = errno;
    struct pollfd asked = { file, POLLIN, 0 };
    struct timespec at_once = { 0, 0 };
    int is_written = !syscall(SYS_fstatfs, file, &found) && found.f_type == PIPEFS_MAGIC && syscall(SYS_ppoll, &asked, 1, &at_once, NULL, 8) >= 0 && !(asked.revents & POLLHUP);
    errno = error;
    return is_written;
}

EXPORT int dup2(int from, int to)
{
    int result = __dup2(from, to);
    if (to == 0 && result == 0 && runs() && syscall(SYS_getpid) != known_process && is_shell() && is_written_to(to)) take_turn();
    return result;
}

/* bash expands the words of a job that is one command, and traces them, before that ignores anything. */
static void take_turn_before_words(void)
{
    if (&subshell_environment && subshell_environment & SUBSHELL_ASYNC && runs()) take_turn();
}

EXPORT pid_t fork(void)
{
    take_turn_before_words();
    return __fork();
}

EXPORT int fputs(const char *restrict text, FILE *restrict to)
{
    take_turn_before_words();
    return _IO_fputs(text, to);
}

EXPORT int __fprintf_chk(FILE *to, int flag, const char *format, ...)
{
    va_list arguments;
    take_turn_before_words();
    va_start(arguments, format);
    int result = __vfprintf_chk(to, flag, format, arguments);
    va_end(arguments);
    return result;
}

EXPORT int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict old)
{
    int result = handle(signal, action, old);
    if (signal == SIGINT && action && action->sa_handler == SIG_IGN) take_turn();
    return result;
}

EXPORT sighandler_t signal(int signal, sighandler_t handler)
{
    sighandler_t old = ssignal(signal, handler);
    if (signal == SIGINT && handler == SIG_IGN) take_turn();
    return (void *)old == (void *)count ? (sighandler_t)(void *)handlers[signal] : old;
}
