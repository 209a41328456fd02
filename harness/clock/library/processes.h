/*
 * What process 1 knows of the others, and how it asks the kernel.
 */
#pragma once
#include "page.h"
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define KNOWN (1 << 16) /* processes of a run whose first parents are known */
#define HOT 32

struct process {
    int pid, parent, threads;
    int stat, sched, call; /* files of /proc, or -1 */
    char state, name[16];
    unsigned long long runs, checked;
    unsigned seen, proved; /* by which look it was seen, and by which it was not its word that was taken: says_it_waits() */
    int is_there, waits_really, is_told;
    int64_t since;  /* by the kernel's clock */
};

struct world {
    int proc, load, machine;
    int takes_words; /* whether looks may take that */
    int last;       /* number that was given when a look that was quiet listed the new ones */
    int listed;     /* the same of any look */
    int64_t place;  /* in the list of /proc that of the process whose number is 0; 0 where it is not known */
    unsigned looks;
    struct process *all;
    int count, room;
    int hots, hot[HOT]; /* who was seen to do something since all was quiet, the latest last */
    int forgot;         /* whether there were more than that */
    struct parent { int pid, parent; } *parents; /* each one's first: one that ended hands its children over */
};

/* 0 where it is not known. */
static int parent_of(const struct world *world, int pid)
{
    const struct parent *known = world->parents ? &world->parents[pid % KNOWN] : NULL;
    return known && known->pid == pid ? known->parent : 0;
}

static void know_parent(struct world *world, int pid, int parent)
{
    if (world->parents && world->parents[pid % KNOWN].pid != pid) world->parents[pid % KNOWN] = (struct parent){ pid, parent };
}

static void heat(struct world *world, int pid)
{
    int at = 0;
    if (pid <= 1) return;
    while (at < world->hots && world->hot[at] != pid) at++;
    if (at == HOT) {
        at = 0;
        world->forgot = 1;
    }
    if (at == world->hots) world->hots++;
    memmove(world->hot + at, world->hot + at + 1, (world->hots - at - 1) * sizeof *world->hot);
    world->hot[world->hots - 1] = pid;
}

static long read_at(int file, char *text, size_t room)
{
    long length = syscall(SYS_pread64, file, text, room - 1, 0L);
    text[length > 0 ? length : 0] = 0;
    return length;
}

static int open_of(int proc, int pid, const char *name)
{
    char path[48], *at = path + sizeof path - 1 - strlen(name);
    strcpy(at, name);
    for (*--at = '/'; pid; pid /= 10) *--at = '0' + pid % 10;
    return syscall(SYS_openat, proc, at, O_RDONLY | O_CLOEXEC);
}

/* Where there may be no more open files, each time anew. */
static long read_of(const struct world *world, int file, int pid, const char *name, char *text, size_t room)
{
    if (file >= 0) return read_at(file, text, room);
    if ((file = open_of(world->proc, pid, name)) < 0) return -1;
    long length = read_at(file, text, room);
    close(file);
    return length;
}

/* The number given last in this namespace: as long as it stays, there is no process that a list would add. "0.1 0.2 0.3 1/2 LAST" */
static int last_pid(const struct world *world)
{
    char text[128], *at;
    long length = read_at(world->load, text, sizeof text);
    return length > 0 && (at = strrchr(text, ' ')) ? atoi(at) : 0;
}

static int is_asleep(char state)
{
    return strchr("STtZ", state) != NULL;
}

/* "nanoseconds on a processor, nanoseconds waiting for one, times": what it does between two looks changes the first. */
static int read_runs(const struct world *world, struct process *to)
{
    char text[128], *at;
    if (read_of(world, to->sched, to->pid, "schedstat", text, sizeof text) <= 0) return 0;
    to->runs = strtoull(text, &at, 10);
    strtoull(at, &at, 10);
    to->runs = to->runs * 31 + strtoull(at, NULL, 10);
    return 1;
}

/* "pid (name) state parent ...", with the number of threads as its 20th. Returns 0 where it is gone. */
static int read_thread(const struct world *world, struct process *to)
{
    char text[512], *at, *name;
    if (read_of(world, to->stat, to->pid, "stat", text, sizeof text) <= 0 || !(at = strrchr(text, ')')) || !(name = strchr(text, '('))) return 0;
    *at = 0;
    strncpy(to->name, name + 1, sizeof to->name - 1);
    to->state = at[2];
    to->parent = strtol(at + 4, &at, 10);
    for (int field = 5; field <= 20; field++) to->threads = strtol(at, &at, 10);
    return read_runs(world, to);
}

/* Hundredths of a second that a process and those of its children that have ended were on a processor: the 14th to 17th. */
static long read_spent(const struct world *world, const struct process *of)
{
    char text[512], *at;
    long spent = 0;
    if (read_of(world, of->stat, of->pid, "stat", text, sizeof text) <= 0 || !(at = strrchr(text, ')')) || strlen(at) < 4) return 0;
    at += 3;
    for (int field = 4; field <= 17; field++) {
        long number = strtol(at, &at, 10);
        if (field >= 14) spent += number;
    }
    return spent;
}

/* Of several threads the states as one, and how much they ran together. */
static int read_process(const struct world *world, struct process *process)
{
    if (!read_thread(world, process)) return 0;
    if (process->threads <= 1) return 1;
    struct world tasks = { .proc = open_of(world->proc, process->pid, "task") };
    DIR *list = tasks.proc < 0 ? NULL : fdopendir(tasks.proc);
    for (struct dirent *entry; list && (entry = readdir(list)); ) {
        struct process thread = { .pid = atoi(entry->d_name), .stat = -1, .sched = -1 };
        if (!thread.pid || thread.pid == process->pid || !read_thread(&tasks, &thread)) continue;
        if (!is_asleep(thread.state)) process->state = thread.state;
        process->runs += thread.runs + (unsigned long long)thread.pid * 0x100000001ULL;
    }
    if (list) closedir(list);
    return 1;
}

static void drop(struct world *world, int at)
{
    struct process *gone = &world->all[at];
    if (gone->stat >= 0) close(gone->stat);
    if (gone->sched >= 0) close(gone->sched);
    if (gone->call >= 0) close(gone->call);
    memmove(gone, gone + 1, (--world->count - at) * sizeof *gone);
}

static struct process *find(const struct world *world, int pid)
{
    int first = 0, last = world->count;
    while (first < last) {
        int middle = (first + last) / 2;
        if (world->all[middle].pid < pid) first = middle + 1;
        else last = middle;
    }
    return first < world->count && world->all[first].pid == pid ? &world->all[first] : NULL;
}

/* Returns 0 where there is no memory for it. */
static int add(struct world *world, int pid)
{
    int at = world->count;
    while (at && world->all[at - 1].pid > pid) at--;
    if (world->count == world->room) {
        int room = world->room ? world->room * 2 : 64;
        struct process *all = realloc(world->all, room * sizeof *all);
        if (!all) return 0;
        world->all = all;
        world->room = room;
    }
    memmove(world->all + at + 1, world->all + at, (world->count - at) * sizeof *world->all);
    world->all[at] = (struct process){ .pid = pid, .is_there = 1, .stat = open_of(world->proc, pid, "stat"), .sched = open_of(world->proc, pid, "schedstat"), .call = open_of(world->proc, pid, "syscall") };
    world->count++;
    return 1;
}
