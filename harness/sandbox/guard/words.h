/*
 * What bash calls its builtins with (command.h, builtins.h and variables.h of
 * bash, the same since 4.0). Its functions are found where a bash exports them,
 * as it does for those who load builtins.
 */
#pragma once
#include <sys/types.h>

struct word { char *text; int flags; };
struct words { struct words *next; struct word *word; };
struct builtin { char *name; int (*function)(struct words *); int flags; char *const *long_doc; const char *short_doc, *handle; };
