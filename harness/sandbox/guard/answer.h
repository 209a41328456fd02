/*
 * A stub answers here, before bash has begun: its start, its locale and two
 * scripts would take the process twice as long. What is recorded and printed is
 * what stub.sh would; where anything is out of the ordinary that takes over,
 * from the beginning or, when the host has answered already, from there.
 */
#include "ask.h"
#include "real.h"

#define RESUMED "SHELLRIG_CALL="

static int is_mode(const struct answer *answer, const char *mode) { return !strcmp(answer->mode, mode); }

/* Whether what is left to do can be done here. */
static int is_ordinary(const struct answer *answer)
{
    return !*answer->takes && (is_mode(answer, "answer") || is_mode(answer, "ask") || is_mode(answer, "turn") || (is_mode(answer, "real") && is_executable(answer->real)));
}

/* stub.sh reads in which slot the answer to which call lies. */
static void resume_in_bash(int slot, const char *id)
{
    size_t count = 0;
    char **made = environment(1, sizeof RESUMED + 128, &count), *text;
    if (!made) return;
    memcpy(made, environ, count * sizeof *made);
    made[count] = text = (char *)(made + count + 2);
    text = put_number(join(text, RESUMED), slot);
    text[-1] = ' ';
    join(text, id);
    environ = made;
}

/* Returns the code of the call. */
static long give_answer(const struct answer *answer, char **argv)
{
    long code = 0;
    for (const char *at = answer->exit; *at >= '0' && *at <= '9'; at++) code = code * 10 + *at - '0';
    if (*answer->files && unpack_file(answer->files)) code = 1;
    if (is_mode(answer, "real")) {
        argv[4] = (char *)basename_of(argv[3]);
        return run_real(answer->real, argv + 4);
    }
    write_all(1, answer->out, answer->out_length);
    write_all(2, answer->err, answer->err_length);
    return code;
}

static void answer_at_once(int argc, char **argv)
{
    /* bash -p STUB NAME FILE ARGUMENTS... */
    if (argc < 5 || strcmp(argv[1], "-p") || strcmp(argv[2], STUB)) return;
    char directory[PATH_MAX], id[64];
    struct answer answer = { 0 };
    size_t length;
    char *text = private_text(open_answers(argv[3]), &length);
    if (!text || !read_answer(text, text + length, &answer)) return;
    if (!is_ordinary(&answer) || *answer.stdin || !working_directory(directory)) return;

    put_id(id);
    if (!record_call(id, argv[3], directory, argc - 5, argv + 5)) return;
    long code = call_moment(argv[3], argc - 5, argv + 5);
    if (!code) {
        if (is_mode(&answer, "ask")) {
            int slot = ask(&answer, id);
            if (!is_ordinary(&answer)) {
                resume_in_bash(slot, id);
                return;
            }
            free_slot(&answer, slot, id);
            if (is_mode(&answer, "turn")) take_turn(&answer);
        }
        code = give_answer(&answer, argv);
    }
    record_call_end(id, code);
    if (has_moments()) moment('e', argv[3], NULL);
    record_end(code, NULL);
    for (;;) syscall(SYS_exit_group, code & 255);
}
