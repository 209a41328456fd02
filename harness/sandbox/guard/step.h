/*
 * The builtin that steps.sh's DEBUG trap calls before every command:
 * `_rig_step "$_"`. bash parses a trap's text anew each time, and its own
 * commands take many times as long to write a record as most of the commands
 * that they would tell of. So the text is short, and this asks bash itself.
 *
 * It writes the S record of a step, with the F record in front where it is the
 * first of a subshell (harness/shell/protocol.ts). Where more is needed it
 * leaves the step to _rig_special, which it tells what that cannot know, and
 * returns 1. `$_` is its last word and so stays what it was.
 */
#include "witness.h"
#include <stdint.h>
#include <stdlib.h>

#define STUBS "/run/shellrig/bash/stubs.sh"
#define FRAMES 24 /* of a call stack, as far as it is told */

struct variable { char *name; void *value; };
struct function { int flags, line; void *name, *command; char *source; };

extern int last_command_exit_value __attribute__((weak));
extern pid_t last_asynchronous_pid __attribute__((weak));
extern char *get_string_value(const char *name) __attribute__((weak));
extern struct variable *find_variable(const char *name) __attribute__((weak));
extern struct variable *find_variable_no_invisible(const char *name) __attribute__((weak));
extern struct variable *find_function(const char *name) __attribute__((weak));
extern struct function *find_function_def(const char *name) __attribute__((weak));
extern char *array_reference(void *array, intmax_t index) __attribute__((weak));
extern void *bind_variable(const char *name, char *value, int flags) __attribute__((weak));

static const char *value(const char *name)
{
    const char *found = get_string_value(name);
    return found ? found : "";
}

static const char *item(struct variable *array, long index)
{
    const char *found = array && array->value ? array_reference(array->value, index) : NULL;
    return found ? found : "";
}

/* ---- which commands need more than a record ----------------------------- */

static int begins(const char *text, const char *beginning)
{
    return !strncmp(text, beginning, strlen(beginning));
}

static size_t first_word(const char *command)
{
    return strcspn(command, " \t\n");
}

static int is_command(const char *command, const char *name)
{
    return first_word(command) == strlen(name) && begins(command, name);
}

static int is_watched(const char *command)
{
    const char *rest = command;
    if (is_command(command, "builtin") || is_command(command, "command")) rest += first_word(command);
    rest += strspn(rest, " \t");
    if (is_command(rest, "exec") || is_command(rest, "set") || begins(rest, "shopt")) return 1;
    return begins(command, "trap") || begins(command, "_rig_") || is_command(command, "exit") || begins(command, "BASH_XTRACEFD=");
}

/* ---- the function stubs ---------------------------------------------------- */

static struct words *stubs;

/* `_rig_know_stubs NAME...`, names as stubs.sh has them: "!name" and "!name:N:how" are to be functions, "?name" where
 * the script has one. */
static int know_stubs(struct words *names)
{
    for (stubs = NULL; names; names = names->next) {
        /* Kept for good: a shell comes to know its stubs once or twice. */
        struct { struct words words; struct word word; char text[]; } *kept = malloc(sizeof *kept + strlen(names->word->text) + 1);
        if (!kept) break;
        strcpy(kept->text, names->word->text);
        char *how = strrchr(kept->text, ':'), *drop = how ? memrchr(kept->text, ':', how - kept->text) : NULL;
        if (drop && drop[1] >= '0' && drop[1] <= '9' && (!strcmp(how, ":argv") || !strcmp(how, ":words") || !strcmp(how, ":eval"))) *drop = 0;
        kept->word.text = kept->text;
        kept->words = (struct words){ stubs, &kept->word };
        stubs = &kept->words;
    }
    return 0;
}

/* Whether the script has put a function of its own in a stub's place, or taken it away. */
static int has_lost_stub(void)
{
    for (struct words *stub = stubs; stub; stub = stub->next) {
        const char *name = stub->word->text;
        if (!find_function(name + 1)) {
            if (*name == '!') return 1;
            continue;
        }
        struct function *definition = find_function_def(name + 1);
        if (!definition || !definition->source || strcmp(definition->source, STUBS)) return 1;
    }
    return 0;
}

/* ---- records -------------------------------------------------------------- */

/* One field or a part of it: returns where the next begins. Nothing is written
 * when there is no place to write it to: what is asked for is its length. */
static size_t put(char *to, size_t at, const char *text, char end)
{
    size_t length = strlen(text);
    if (to) {
        memcpy(to + at, text, length);
        to[at + length] = end;
    }
    return at + length + 1;
}

static size_t put_long(char *to, size_t at, long number, char end)
{
    char text[24];
    put_number(text, number);
    return put(to, at, text, end);
}

struct step { long pid, frames; const char *line, *command, *function, *file; struct variable *functions, *lines, *sources; };

/* The call stack is told where a subshell begins, since its parent may have gone on. */
static size_t put_fork(char *to, size_t at, const struct step *step)
{
    const char *inner = item(step->functions, 0);
    long frames = step->frames < FRAMES ? step->frames : FRAMES;
    if (to) to[at] = 'F';
    at = put_long(to, at + 1, 3 * frames + 1, 0);
    at = put_long(to, at, step->pid, ' ');
    at = put(to, at, value("_rig_pid"), ' ');
    at = put_long(to, at, last_asynchronous_pid > 0 ? last_asynchronous_pid : 0, ' ');
    /* The first step of a function that is called in the background is its own. */
    at = put(to, at, *inner && is_command(step->command, inner) ? "1" : "", 0);
    for (long i = 0; i < frames; i++) {
        at = put_long(to, at, step->frames - i, ' ');
        at = put(to, at, i ? item(step->lines, i - 1) : step->line, 0);
        at = put(to, at, item(step->functions, i), 0);
        at = put(to, at, item(step->sources, i), 0);
    }
    return at;
}

static size_t put_step(char *to, size_t at, const struct step *step)
{
    at = put(to, at, "S3", 0);
    at = put_long(to, at, step->pid, ' ');
    at = put_long(to, at, last_command_exit_value, ' ');
    at = put_long(to, at, step->frames, ' ');
    at = put(to, at, step->line, ' ');
    if (last_asynchronous_pid > 0) at = put_long(to, at, last_asynchronous_pid, 0);
    else at = put(to, at, "", 0);
    at = put(to, at, step->function, 0);
    return put(to, at, step->file, 0);
}

static void write_step(const struct step *step, int is_first)
{
    size_t size = put_step(NULL, is_first ? put_fork(NULL, 0, step) : 0, step);
    char record[size];
    put_step(record, is_first ? put_fork(record, 0, step) : 0, step);
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    syscall(SYS_write, fd, record, size);
    syscall(SYS_close, fd);
}

/* ---- the builtin ---------------------------------------------------------- */

/* Whether the last step of this process, or else of its parent, was like this one: "PID:TRACE" or "PID:TRACE:FRAMES". */
static int follows(const char *here, long pid, const struct step *step, const char *trace, int by_frame)
{
    char key[128];
    size_t length = put_long(key, 0, pid, ':');
    if (strlen(trace) > 64) return 0;
    length = put(key, length, trace, 0);
    if (by_frame) {
        key[length - 1] = ':';
        put_long(key, length, step->frames, 0);
    }
    return !strcmp(here, key);
}

/* `wait`: what comes after it comes after the jobs (record V). */
static void write_wait(long pid)
{
    char record[32] = "V1";
    int fd = syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) return;
    syscall(SYS_write, fd, record, put_number(record + 3, pid) - record);
    syscall(SYS_close, fd);
}

static int tell_step(struct words *words)
{
    const char *here = value("_rig_here"), *trace = value("BASH_XTRACEFD");
    int by_frame = *value("_rig_track") || *value("_rig_debug");
    struct step step = { syscall(SYS_getpid), 0, value("LINENO"), value("BASH_COMMAND"),
                         item(find_variable_no_invisible("FUNCNAME"), 0), item(find_variable_no_invisible("BASH_SOURCE"), 0),
                         find_variable("FUNCNAME"), find_variable("BASH_LINENO"), find_variable("BASH_SOURCE") };
    char status[24];
    (void)words;
    if (has_witness) look();
    if (is_command(step.command, "wait")) write_wait(step.pid);
    put_number(status, last_command_exit_value);
    if (*value("_rig_debug")) bind_variable("_rig_status", status, 0);
    while (step.lines && step.lines->value && array_reference(step.lines->value, step.frames)) step.frames++;
    int is_lost = has_lost_stub();
    if (!is_lost && !is_watched(step.command)) {
        if (follows(here, step.pid, &step, trace, by_frame)) {
            write_step(&step, 0);
            return 0;
        }
        if (!*value("_rig_offered") && !by_frame && !strcmp(trace, value("_rig_tracefd"))
            && follows(here, strtol(value("_rig_pid"), NULL, 10), &step, trace, 0)) {
            char text[128];
            write_step(&step, 1);
            put_long(text, 0, step.pid, 0);
            bind_variable("_rig_pid", text, 0);
            put(text, put_long(text, 0, step.pid, ':'), trace, 0);
            bind_variable("_rig_here", text, 0);
            return 0;
        }
    }
    bind_variable("_rig_lost", is_lost ? "1" : "", 0);
    bind_variable("_rig_status", status, 0);
    bind_variable("_rig_at_line", (char *)step.line, 0);
    bind_variable("_rig_at_function", (char *)step.function, 0);
    bind_variable("_rig_at_file", (char *)step.file, 0);
    return 1;
}

static int take_step(struct words *words)
{
    int is_special = tell_step(words);
    if (self) step_moment(value("BASH_COMMAND"), value("LINENO"), item(find_variable("FUNCNAME"), 0), item(find_variable("BASH_SOURCE"), 0));
    return is_special;
}

/* `_rig_moment begin`, once a run has what it is given; `_rig_moment call NAME ARGUMENTS...`, which returns the code with
 * which a stub is to end instead of giving its answer, or 0; `_rig_moment end NAME`. */
static int take_moment(struct words *words)
{
    char *args[64];
    int count = 0;
    if (!strcmp(words->word->text, "begin")) begin_moments();
    if (!has_moments() || !words->next) return 0;
    const char *name = words->next->word->text;
    for (struct words *at = words->next->next; at && count < 64; at = at->next) args[count++] = at->word->text;
    return *words->word->text == 'c' ? call_moment(name, count, args) : moment('e', name, NULL);
}
