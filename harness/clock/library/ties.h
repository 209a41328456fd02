/*
 * The order in which those wait who are woken at one instant: that in which
 * their processes were started, at each generation. Numbers are given in that
 * order to the children of one process; between those of several it is chance.
 */
#pragma once
#include "look.h"

#define GENERATIONS 64

struct line { int count, pids[GENERATIONS]; };

/* A process and those it comes from as far as they are known, its own first, without process 1. */
static struct line line_of(const struct world *world, int pid)
{
    struct line line = { 0 };
    for (; pid > 1 && line.count < GENERATIONS; pid = parent_of(world, pid)) line.pids[line.count++] = pid;
    return line;
}

/* The outermost first, and of them no more than live: whether one that has ended was seen while it lived is chance. */
static struct line rank_of(struct world *world, int pid)
{
    struct line line = line_of(world, pid);
    int count = 1;
    for (struct process *of; count < line.count && (of = find(world, line.pids[count])) && lives(world, of); ) count++;
    line.count = count;
    for (int i = 0; i < line.count / 2; i++) {
        int pid = line.pids[i];
        line.pids[i] = line.pids[line.count - 1 - i];
        line.pids[line.count - 1 - i] = pid;
    }
    return line;
}

static int compare_lines(const struct line *one, const struct line *other)
{
    for (int i = 0; i < one->count && i < other->count; i++)
        if (one->pids[i] != other->pids[i]) return one->pids[i] - other->pids[i];
    return one->count - other->count;
}
