/*
 * Whether everything in the sandbox waits. Process 1 asks the kernel about each
 * process: is it asleep, and how often has it been on a processor? Call a look
 * QUIET when it finds every process asleep, and as the looks before found it.
 *
 * Then, when a QUIET look began, nothing in the sandbox ran or was about to:
 *
 * - Each process that this look saw was asleep from when an earlier look saw it
 *   until this one did, so when this one began: who is woken is not asleep any
 *   more before his waker goes on, and who has run has been on a processor once
 *   more. His state tells it at once; his system call, and what processors have
 *   to do, only when the word has come to the processor that he is woken on.
 *   That a process shows as asleep before it has left its processor is what
 *   ask_who_ran() (really.h) is for.
 * - There was no other. The numbers of processes are given in order: none has
 *   been given since those were listed that were new to a look which then was
 *   QUIET. Who was not in that list, though he had his number, was just being
 *   made. His parent ran, so was not in it either, or not found as before; and
 *   the first who was made in this way had a parent of whom all this is known.
 * - Who has ended has told who waits for it: settle().
 *
 * And nobody who sleeps is woken but by one who runs, by process 1, or by the
 * host. So if the host owed nothing at some instant after the looks before and
 * before this one (conduct.h), it owes nothing now, and until process 1 acts all
 * remain as this look found them: who waits for what may be read from what they
 * share, without a thought of who might be changing it.
 */
#pragma once
#include "processes.h"
#include <sys/wait.h>

/* So many that it is worth to ask about the machine first. */
#define MANY 16
/* Processors that there may be, and so few that each may be visited. */
#define PROCESSORS 1024
#define FEW 16
#define SLEEPERS 4096
#define MOMENTS 8
#define MOMENT 30000

enum found { BUSY, CHANGED, SETTLED, QUIET };

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
    if (now.state == 'Z' && process->state != 'Z') heat(world, now.parent);
    now.proved = world->looks;
    *process = now;
    return !is_asleep(now.state) ? BUSY : is_same ? QUIET : CHANGED;
}

/* The same for one of which nothing has been seen lately, without reading what does not change. */
static enum found look_briefly(struct world *world, struct process *process)
{
    char text[256], *at;
    struct process now = *process;
    int is_plain = process->state == 'S' && process->threads == 1 && process->stat >= 0;
    process->proved = world->looks;
    if (is_plain && read_runs(world, &now) && now.runs == process->runs && read_at(process->stat, text, sizeof text) > 0 && (at = strrchr(text, ')')) && at[1] && at[2] == 'S') return QUIET;
    return look_at(world, process);
}

/* Has each processor be the one that runs this: who was woken there and does not show in what it has to do, as the word
 * of it is still on its way, does then. Returns 0 where that cannot be. */
static int visit_processors(void)
{
    uint64_t own[PROCESSORS / 64] = { 0 };
    long size = syscall(SYS_sched_getaffinity, 0, sizeof own, own);
    int count = 0, is_done = size > 0;
    for (int i = 0; i < PROCESSORS; i++) count += own[i / 64] >> i % 64 & 1;
    if (size <= 0 || count > FEW) return 0;
    for (int i = 0; i < PROCESSORS && is_done; i++) {
        uint64_t one[PROCESSORS / 64] = { 0 };
        if (!(own[i / 64] >> i % 64 & 1)) continue;
        one[i / 64] = 1ULL << i % 64;
        is_done = !syscall(SYS_sched_setaffinity, 0, sizeof one, one);
    }
    return !syscall(SYS_sched_setaffinity, 0, sizeof own, own) && is_done;
}

/* Whether on the whole machine nobody but this process could run: no processor has gone from one to another between two
 * readings, and none but its own has anything to do. */
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

/* Or is so within a moment that is short beside what it spares. */
static int comes_to_be_still(const struct world *world)
{
    for (int left = world->count / MANY < MOMENTS ? world->count / MANY : MOMENTS; left; left--) {
        if (is_machine_still(world) && visit_processors() && is_machine_still(world)) return 1;
        syscall(SYS_nanosleep, &(struct timespec){ 0, MOMENT }, NULL);
    }
    return 0;
}

/* Who says that he sleeps by this clock: by process, each as of a pass over all. */
static struct { int pid, pass; } sleepers[SLEEPERS];
static int pass;

static void note_sleepers(void)
{
    pass++;
    for (int i = 0; i < GET(shared->high); i++) {
        const struct slot *slot = &shared->slots[i];
        int pid = GET(slot->pid);
        if (pid && (slot->kind == SLEEP || takes_turn(slot->kind)) && GET(slot->state) == WAITING) sleepers[pid % SLEEPERS].pid = pid, sleepers[pid % SLEEPERS].pass = pass;
    }
}

static int says_it_waits(int pid)
{
    return (sleepers[pid % SLEEPERS].pid == pid && sleepers[pid % SLEEPERS].pass == pass) || GET(shared->parents[pid % PARENTS]) == pid;
}

/* After such an instant it is enough that one has not run since it was seen asleep, or is where it says it waits: on its
 * way there it would have something to do. It may be dead: lives() tells. */
static enum found look_at_runs(struct world *world, struct process *process)
{
    struct process now = *process;
    if (process->state == 'S' && process->threads == 1) {
        if (world->takes_words && says_it_waits(process->pid)) return QUIET;
        process->proved = world->looks;
        if (read_runs(world, &now) && now.runs == process->runs) return QUIET;
    }
    return look_at(world, process);
}

/* For when that matters: it is looked at anew where its word was taken, and not for it. */
static int lives(struct world *world, struct process *process)
{
    struct process now = *process;
    if (process->proved == world->looks) return process->state != 'Z';
    if (!read_process(world, &now) || now.state == 'Z') {
        heat(world, process->pid);
        return 0;
    }
    process->proved = world->looks;
    return 1;
}

/* One that has not been seen in this look. */
static enum found look_and_drop(struct world *world, int *at, enum found (*how)(struct world *, struct process *))
{
    struct process *process = &world->all[*at];
    enum found found = process->seen == world->looks ? QUIET : how(world, process);
    process->seen = world->looks;
    if (process->is_there) ++*at;
    else drop(world, *at);
    return found;
}

struct entry { uint64_t inode; int64_t next; unsigned short length; unsigned char type; char name[]; };

/* Those of a number above that of the last list; of another order of numbers, all. /proc tells of them in ascending order,
 * from any of them on: where each stands in it, it says itself. */
static enum found list(struct world *world, int last, int known)
{
    char room[32768];
    enum found found = QUIET;
    int from = known && known < last && world->place ? known + 1 : 0, before = 0;
    int64_t next = 0;
    syscall(SYS_lseek, world->proc, from ? world->place + from : 0L, SEEK_SET);
    for (long length; (length = syscall(SYS_getdents64, world->proc, room, sizeof room)) > 0; )
        for (long at = 0; at < length; ) {
            struct entry *entry = (struct entry *)(room + at);
            int pid = *entry->name >= '1' && *entry->name <= '9' ? atoi(entry->name) : 0;
            at += entry->length;
            if (pid && !from) world->place = before && next - pid != world->place ? 0 : next - pid;
            before = pid;
            next = entry->next;
            if (pid <= 1 || find(world, pid)) continue;
            found = CHANGED;
            if (!add(world, pid)) return BUSY;
            heat(world, pid);
        }
    if (!from) SET(shared->place, world->place);
    return found;
}

/* The kernel makes a process a zombie and wakes who waits for that under one lock, which this takes too. */
static void settle(int child)
{
    siginfo_t info;
    syscall(SYS_waitid, P_PID, child, &info, WEXITED | WNOHANG | WNOWAIT, NULL);
}

/* Whether one who was seen to do something last does so still: then there is nothing to look at. */
static int is_anyone_awake(const struct world *world)
{
    char text[16];
    const struct process *process = world->hots ? find(world, world->hot[world->hots - 1]) : NULL;
    return process && process->threads == 1 && process->call >= 0 && read_at(process->call, text, sizeof text) > 0 && *text == 'r' && process->state != 'Z';
}

/* Where it is enough, SETTLED is that those wait who were seen to do something, and who is new: not whom they woke. */
static enum found look(struct world *world, int is_enough)
{
    enum found found = QUIET, one;
    world->looks++;
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
    if (!last) return BUSY;
    int known = is_enough ? world->listed : world->last;
    if (last != known) {
        if ((one = list(world, last, known)) < found) found = one;
        world->listed = last;
    }
    if (found != QUIET) return found;
    if (is_enough && !world->forgot) return SETTLED;
    enum found (*how)(struct world *, struct process *) = comes_to_be_still(world) ? look_at_runs : look_briefly;
    if (how == look_at_runs && world->takes_words) note_sleepers();
    for (int at = 0; at < world->count; )
        if ((one = look_and_drop(world, &at, how)) == BUSY) return BUSY;
        else if (one == CHANGED) found = CHANGED;
    if (found != QUIET) return found;
    world->last = last;
    world->forgot = 0;
    return found;
}
