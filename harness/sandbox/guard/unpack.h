/*
 * `_rig_unpack [FILE [given]]`: writes what an archive holds (harness/tree/tar.ts)
 * below the root directory; the archive comes from standard input by default. As
 * `tar -xp --keep-directory-symlink` does it, without a process and with a
 * quarter of its system calls. What cannot be written is told on standard error,
 * or with `given` in the log: that is no error of the script's.
 */
#include "words.h"
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BLOCK 512

/* In the place of a fraction of a second: it has no time of its own and is as new as it is (harness/tree/tar.ts). */
#define AS_UNPACKED 1000000000

/* A header (POSIX.1-1988 ustar; from magic on as tar.ts says). */
struct header { char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], sum[8], type, target[100], magic[100], fraction[12], rest[143]; };

struct member { char *path, *target, *content, type; long mode, uid, gid, size; struct timespec mtime; };

static int is_silent; /* what cannot be written is nobody's error: another will write it */

static long octal(const char *digits, int width)
{
    long number = 0;
    for (int i = 0; i < width && digits[i] >= '0' && digits[i] <= '7'; i++) number = number * 8 + digits[i] - '0';
    return number;
}

/* The next member, at *at; 0 at the archive's end. Names that do not fit into a header stand before it. */
static int next_member(char *archive, size_t length, size_t *at, struct member *member, char room[2][BLOCK])
{
    char *names[2] = { NULL, NULL };
    while (*at + BLOCK <= length && archive[*at]) {
        struct header *header = (struct header *)(archive + *at);
        char *content = archive + *at + BLOCK;
        long size = octal(header->size, sizeof header->size);
        *at += BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK;
        if (*at > length) return 0;
        if (header->type == 'L' || header->type == 'K') {
            names[header->type == 'K'] = content;
            continue;
        }
        snprintf(room[0], BLOCK, "/%.100s", header->name);
        snprintf(room[1], BLOCK, "%.100s", header->target);
        /* A long name comes without the slash that it begins with; what stands before it has been read. */
        if (names[0]) *--names[0] = '/';
        *member = (struct member){ names[0] ? names[0] : room[0], names[1] ? names[1] : room[1], content, header->type,
            octal(header->mode, 8) & 07777, octal(header->uid, 8), octal(header->gid, 8), size,
            { octal(header->mtime, 12), octal(header->fraction, 12) } };
        for (size_t end = strlen(member->path); end > 1 && member->path[end - 1] == '/'; ) member->path[--end] = 0;
        return 1;
    }
    return 0;
}

static int make(const struct member *member)
{
    switch (member->type) {
    case '5': return mkdir(member->path, 0700);
    case '2': return symlink(member->target, member->path);
    case '6': return mkfifo(member->path, 0600);
    default: return open(member->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOCTTY, 0600);
    }
}

static void make_parents(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
}

static int set_times(const char *path, const struct member *member)
{
    if (member->mtime.tv_nsec == AS_UNPACKED) return 0;
    struct timespec times[2] = { { 0, UTIME_NOW }, member->mtime };
    return utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW);
}

/* Returns 0, or -1 with errno. A directory that is there stays, also behind a link. */
static int write_member(const struct member *member)
{
    struct stat found;
    if (member->type == 'T') return set_times(member->path, member);
    int made = make(member), is_directory = member->type == '5', failed = 0;
    if (made < 0 && errno == ENOENT) {
        make_parents(member->path);
        made = make(member);
    }
    if (made < 0 && errno == EEXIST && !(is_directory && !syscall(SYS_newfstatat, AT_FDCWD, member->path, &found, 0) && S_ISDIR(found.st_mode))) {
        if (unlink(member->path) && rmdir(member->path)) return -1;
        made = make(member);
    }
    if (made < 0 && !(is_directory && errno == EEXIST)) return -1;
    if (member->type == '0') {
        for (long done = 0; !failed && done < member->size; ) {
            long count = write(made, member->content + done, member->size - done);
            if (count > 0) done += count;
            else if (count == 0 || errno != EINTR) failed = 1;
        }
        int error = errno;
        if (close(made) == 0) errno = error;
        if (failed) return -1;
    }
    failed |= fchownat(AT_FDCWD, member->path, member->uid, member->gid, is_directory ? 0 : AT_SYMLINK_NOFOLLOW);
    if (member->type != '2') failed |= chmod(member->path, member->mode);
    if (!is_directory) failed |= set_times(member->path, member);
    return failed;
}

/* All of a descriptor. */
static char *read_archive(int fd, size_t *length)
{
    struct stat found;
    size_t room = !syscall(SYS_fstat, fd, &found) && S_ISREG(found.st_mode) ? found.st_size + 1 : 1 << 18;
    char *archive = malloc(room);
    for (*length = 0; archive; ) {
        long count = read(fd, archive + *length, room - *length);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        *length += count;
        if (*length < room) continue;
        char *larger = realloc(archive, room *= 2);
        if (!larger) free(archive);
        archive = larger;
    }
    return archive;
}

static void complain(int is_given, const char *path)
{
    char text[PATH_MAX + 256];
    if (is_silent) return;
    int error = errno, head = is_given ? snprintf(text, sizeof text, "G1%cfiles: ", 0) : 0;
    int length = head + snprintf(text + head, sizeof text - head, is_given ? "%s: %s" : "unpacking: %s: %s\n", path, strerror(error));
    int fd = is_given ? syscall(SYS_openat, AT_FDCWD, LOG, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY) : 2;
    write_all(fd, text, length + is_given);
    if (is_given && fd >= 0) close(fd);
}

static int unpack_archive(struct words *words)
{
    const char *file = words ? words->word->text : NULL;
    int is_given = words && words->next;
    char room[2][BLOCK];
    struct member member;
    size_t length, at = 0;
    int status = 0, fd = file ? open(file, O_RDONLY | O_CLOEXEC) : 0;
    char *archive = fd < 0 ? NULL : read_archive(fd, &length);
    if (file && fd >= 0) close(fd);
    if (!archive) {
        complain(is_given, file ? file : "standard input");
        return 1;
    }
    while (next_member(archive, length, &at, &member, room))
        if (write_member(&member)) {
            complain(is_given, member.path);
            status = 1;
        }
    free(archive);
    return status;
}

static int unpack(struct words *words)
{
    quiet++;
    int status = unpack_archive(words);
    quiet--;
    return status;
}
