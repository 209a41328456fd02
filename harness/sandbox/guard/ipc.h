/*
 * `_rig_remove_ipc`: removes System V's shared memory, semaphores and message
 * queues, which outlive the processes that made them: by their namespace, which
 * is the session's.
 */
#include "words.h"
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

union sem_arguments { int value; struct semid_ds *set; struct seminfo *info; };

static int remove_ipc(struct words *words)
{
    struct shm_info memory;
    struct shmid_ds segment;
    struct msginfo queues;
    struct msqid_ds queue;
    struct seminfo semaphores;
    struct semid_ds set;
    (void)words;
    /* What is in use lies at indices up to what these return. */
    for (int at = shmctl(0, SHM_INFO, (struct shmid_ds *)&memory); at >= 0 && memory.used_ids; at--) {
        int id = shmctl(at, SHM_STAT, &segment);
        /* The one that this process made is the clock's (harness/clock/library/page.h). */
        if (id >= 0 && segment.shm_cpid != getpid()) shmctl(id, IPC_RMID, NULL);
    }
    for (int at = msgctl(0, MSG_INFO, (struct msqid_ds *)&queues); at >= 0 && queues.msgpool; at--)
        msgctl(msgctl(at, MSG_STAT, &queue), IPC_RMID, NULL);
    for (int at = semctl(0, 0, SEM_INFO, (union sem_arguments){ .info = &semaphores }); at >= 0 && semaphores.semusz; at--)
        semctl(semctl(at, 0, SEM_STAT, (union sem_arguments){ .set = &set }), 0, IPC_RMID);
    return 0;
}
