/*
 * Whether everything in the sandbox waits. Process 1 asks the kernel about each
 * process: is it asleep, and how much has it run? A process that was asleep at
 * the last look and is asleep at this one, and has not run in between, was
 * asleep all the while. So when a look finds every process as the looks before
 * found it, there was an instant, when that look began, at which all slept: and
 * then nobody is left who could wake another, but this clock and the host.
 */
#pragma once
#include "processes.h"

/* So many that it is worth to ask about the machine first. */
#define MANY 16

enum found { BUSY, CHANGED, QUIET };

static enum found look_at(struct world *world, struct process *process)
{
    struct process now = *process;
    if (!read_process(world, &now)) {
        process->is_there = 0;
        heat(world, parent_of(world, process->pid));
        return CHANGED;
    }
    know_parent(world, now.pid, now.parent);
    int is_same = now.state == process->state && now.runs == process->runs;
    if (!is_same) heat(world, now.pid);
    if (now.state == 'Z' && process->state != 'Z') {
        world->has_new_zombie = 1;
        heat(world, now.parent);
    }
    *process = now;
    return !is_asleep(now.state) ? BUSY : is_same ? QUIET : CHANGED;
}

/* The same for one of which nothing has been seen lately, for half the price. The kernel tells no number of a system call
 * before the process is asleep in it. */
static enum found look_briefly(struct world *world, struct process *process)
{
    char text[16];
    struct process now = *process;
    int is_plain = process->state == 'S' && process->threads == 1 && process->call >= 0;
    if (is_plain && read_runs(world, &now) && now.runs == process->runs && read_at(process->call, text, sizeof text) > 0 && *text != 'r') return QUIET;
    return look_at(world, process);
}

/* Whether on the whole machine nobody but this process could run: no processor has gone from one to another between two
 * looks, and none but its own has anything to do. */
static int is_machine_still(const struct world *world)
{
    char text[65536], *at;
    unsigned long long switches[2];
    for (int i = 0; i < 2; i++) {
        if (read_at(world->machine, text, sizeof text) <= 0 || !(at = strstr(text, "\nctxt "))) return 0;
        switches[i] = strtoull(at + 6, NULL, 10);
        if (!(at = strstr(at, "\nprocs_running ")) || strtol(at + 15, NULL, 10) != 1) return 0;
    }
    return switches[0] == switches[1];
}

/* After such an instant it is enough that one has not run since it was seen asleep. */
static enum found look_at_runs(struct world *world, struct process *process)
{
    struct process now = *process;
    if (process->state == 'S' && process->threads == 1 && read_runs(world, &now) && now.runs == process->runs) return QUIET;
    return look_at(world, process);
}

static enum found look_and_drop(struct world *world, int *at, enum found (*how)(struct world *, struct process *))
{
    enum found found = how(world, &world->all[*at]);
    if (world->all[*at].is_there) ++*at;
    else drop(world, *at);
    return found;
}

struct entry { uint64_t inode; int64_t next; unsigned short length; unsigned char type; char name[]; };

/* All processes but this one, in ascending order as /proc has them. */
static enum found list(struct world *world)
{
    char room[32768];
    enum found found = QUIET, one;
    int at = 0, last = last_pid(world);
    syscall(SYS_lseek, world->proc, 0L, SEEK_SET);
    for (long length; (length = syscall(SYS_getdents64, world->proc, room, sizeof room)) > 0; )
        for (long from = 0; from < length; ) {
            struct entry *entry = (struct entry *)(room + from);
            int pid = *entry->name >= '1' && *entry->name <= '9' ? atoi(entry->name) : 0;
            from += entry->length;
            if (pid <= 1) continue;
            for (; at < world->count && world->all[at].pid < pid; found = CHANGED) drop(world, at);
            if (at == world->count || world->all[at].pid != pid) {
                found = CHANGED;
                if (!add(world, at, pid)) return BUSY;
            }
            if ((one = look_and_drop(world, &at, look_briefly)) == BUSY) return BUSY;
            if (one == CHANGED) found = CHANGED;
        }
    for (; world->count > at; found = CHANGED) drop(world, world->count - 1);
    world->last = last;
    return found;
}

static enum found look(struct world *world)
{
    enum found found = QUIET, one;
    /* Who was awake lately still is, as a rule, or has woken another. */
    int hot[HOT], hots = world->hots;
    memcpy(hot, world->hot, sizeof hot);
    while (hots--) {
        struct process *process = find(world, hot[hots]);
        int at = process - world->all;
        if (!process) continue;
        if ((one = look_and_drop(world, &at, look_at)) == BUSY) return BUSY;
        if (one == CHANGED) found = CHANGED;
    }
    int last = last_pid(world);
    if (!last || last != world->last) return list(world);
    if (found == CHANGED) return CHANGED;
    enum found (*how)(struct world *, struct process *) = world->count > MANY && is_machine_still(world) ? look_at_runs : look_briefly;
    for (int at = 0; at < world->count; )
        if ((one = look_and_drop(world, &at, how)) == BUSY) return BUSY;
        else if (one == CHANGED) found = CHANGED;
    return found;
}
