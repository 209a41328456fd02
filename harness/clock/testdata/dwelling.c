/*
 * The clock of a busy machine: process 1 is held up for so long between two of its thoughts that whoever can go on meanwhile
 * does, and is asleep again.
 */
#define DWELL() syscall(SYS_nanosleep, &(struct timespec){ 0, 3000000 }, NULL)
#include "../library/clock.c"
