/*
 * The builtins that bash gets. It calls its own by a table, which has a place
 * for more and which it sorts when it begins, after this.
 */
#include "step.h"
#include "variables.h"
#include "unpack.h"
#include "redirect.h"
#include "ipc.h"

extern struct builtin *shell_builtins __attribute__((weak));
extern int num_shell_builtins __attribute__((weak));

/* malloc is bash's own where bash has one: it may free its table. */
static void add_builtins(void)
{
    static char *const doc[] = { NULL };
    static const struct builtin own[] = { { "_rig_step", take_step, 1, doc, "", NULL }, { "_rig_know_stubs", know_stubs, 1, doc, "", NULL },
                                         { "_rig_write_variables", write_variables, 1, doc, "", NULL }, { "_rig_unpack", unpack, 1, doc, "", NULL },
                                         { "_rig_redirect", redirect, 1, doc, "", NULL }, { "_rig_remove_ipc", remove_ipc, 1, doc, "", NULL },
                                         { "_rig_witness", witness, 1, doc, "", NULL }, { "_rig_moment", take_moment, 1, doc, "", NULL } };
    const int count = sizeof own / sizeof *own;
    if (!&shell_builtins || !find_variable_no_invisible || !find_function_def || !array_reference || !bind_variable || !builtin_address) return;
    struct builtin *table = malloc((num_shell_builtins + count + 1) * sizeof *table);
    if (!table) return;
    memcpy(table, shell_builtins, num_shell_builtins * sizeof *table);
    memcpy(table + num_shell_builtins, own, sizeof own);
    memset(table + num_shell_builtins + count, 0, sizeof *table);
    shell_builtins = table;
    num_shell_builtins += count;
}
