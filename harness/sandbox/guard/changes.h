/*
 * The calls that change the tree, for moments.h: what programs ask of the C
 * library is done anew here, as it has no room for a word between. Not seen:
 * what the library writes itself out of its buffers (bash's own output, sed),
 * mkdtemp, and static programs; there the moments before and after count.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define CHANGES __attribute__((visibility("default")))
#define RIG "/run/shellrig/"

/* ---- what is in the tree ------------------------------------------------------ */

static int begins_with(const char *text, const char *beginning)
{
    return !strncmp(text, beginning, strlen(beginning));
}

static int path_counts(const char *path)
{
    if (!path || quiet || !has_moments()) return 0;
    return !begins_with(path, RIG) && !begins_with(path, "/proc/") && (!begins_with(path, "/dev/") || begins_with(path, "/dev/shm/"));
}

/* Files of the tree, not those that shellrig and this machine share with it. */
static int descriptor_counts(int fd)
{
    struct stat found, root, memory;
    if (quiet || !has_moments() || syscall(SYS_fstat, fd, &found) || !(S_ISREG(found.st_mode) || S_ISDIR(found.st_mode))) return 0;
    if (!syscall(SYS_newfstatat, AT_FDCWD, "/", &root, 0) && found.st_dev == root.st_dev) return 1;
    return !syscall(SYS_newfstatat, AT_FDCWD, "/dev/shm", &memory, 0) && found.st_dev == memory.st_dev;
}

static const char *name_of(int fd, char room[PATH_MAX])
{
    char link[64];
    stpcpy(put_number(stpcpy(link, "/proc/self/fd/"), fd) - 1, "");
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, room, PATH_MAX - 1);
    room[length > 0 ? length : 0] = 0;
    return room;
}

static void change_moment(char kind, const char *what, const char *path, const char *to)
{
    char text[2048], *at = text, *end = text + sizeof text;
    at = add_text(at, end, what) - 1;
    *at++ = ' ';
    at = add_text(at, end, path);
    if (to) {
        at = stpcpy(at - 1, " -> ");
        add_text(at, end, to);
    }
    moment(kind, text, NULL);
}

static int is_full(void)
{
    if (!moments->is_full) return 0;
    errno = ENOSPC;
    return 1;
}

/* ---- files that are opened ------------------------------------------------------ */

/* bash writes by the library; where no space is left it gets a file that has none. */
static int without_space(int fd, int flags)
{
    if (fd < 0 || program != BASH || !moments->is_full || !(flags & (O_WRONLY | O_RDWR)) || !descriptor_counts(fd)) return fd;
    int full = syscall(SYS_openat, AT_FDCWD, "/dev/full", O_WRONLY | (flags & O_CLOEXEC));
    syscall(SYS_close, fd);
    return full;
}

static int open_file(int directory, const char *path, int flags, mode_t mode)
{
    if (flags & O_EXCL) order_name(path);
    if (!(flags & (O_CREAT | O_TRUNC)) || !path_counts(path)) {
        int fd = syscall(SYS_openat, directory, path, flags, mode);
        return flags & (O_WRONLY | O_RDWR) && path_counts(path) ? without_space(fd, flags) : fd;
    }
    change_moment('b', "open", path, NULL);
    int fd = without_space(syscall(SYS_openat, directory, path, flags, mode), flags);
    if (fd >= 0) change_moment('a', "open", path, NULL);
    return fd;
}

#define MODE(flags)                                     \
    mode_t mode = 0;                                    \
    if ((flags) & (O_CREAT | __O_TMPFILE)) {            \
        va_list list;                                   \
        va_start(list, flags);                          \
        mode = va_arg(list, mode_t);                    \
        va_end(list);                                   \
    }

CHANGES int open(const char *path, int flags, ...) { MODE(flags) return open_file(AT_FDCWD, path, flags, mode); }
CHANGES int open64(const char *path, int flags, ...) { MODE(flags) return open_file(AT_FDCWD, path, flags, mode); }
CHANGES int openat(int at, const char *path, int flags, ...) { MODE(flags) return open_file(at, path, flags, mode); }
CHANGES int openat64(int at, const char *path, int flags, ...) { MODE(flags) return open_file(at, path, flags, mode); }
CHANGES int __open_2(const char *path, int flags) { return open_file(AT_FDCWD, path, flags, 0); }
CHANGES int __open64_2(const char *path, int flags) { return open_file(AT_FDCWD, path, flags, 0); }
CHANGES int __openat_2(int at, const char *path, int flags) { return open_file(at, path, flags, 0); }
CHANGES int __openat64_2(int at, const char *path, int flags) { return open_file(at, path, flags, 0); }
CHANGES int creat(const char *path, mode_t mode) { return open_file(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
CHANGES int creat64(const char *path, mode_t mode) { return creat(path, mode); }

extern FILE *fopen64(const char *path, const char *mode);
extern int mkstemp64(char *template), mkostemp64(char *template, int flags);

CHANGES FILE *fopen(const char *path, const char *mode)
{
    int writes = mode && (*mode == 'w' || *mode == 'a') && path_counts(path);
    if (!writes) return fopen64(path, mode);
    change_moment('b', "open", path, NULL);
    FILE *file = fopen64(path, mode);
    if (file) change_moment('a', "open", path, NULL);
    if (!file || !moments->is_full) return file;
    fclose(file);
    return fopen64("/dev/full", mode);
}

CHANGES int mkostemp(char *template, int flags)
{
    int counts = path_counts(template);
    if (counts) change_moment('b', "open", template, NULL);
    int fd = mkostemp64(template, flags);
    if (counts && fd >= 0) change_moment('a', "open", template, NULL);
    return fd;
}

CHANGES int mkstemp(char *template) { return mkostemp(template, 0); }

/* ---- writes ---------------------------------------------------------------------- */

extern ssize_t __write(int fd, const void *text, size_t length);

/* Says so before, and with half of it written. Returns 1 where no space is left. */
static int write_moments(int fd, const void *text, size_t length, long at)
{
    char room[PATH_MAX];
    if (!length || !descriptor_counts(fd)) return 0;
    name_of(fd, room);
    change_moment('b', "write", room, NULL);
    if (length > 1) {
        if (is_next() && at < 0) syscall(SYS_write, fd, text, length / 2);
        else if (is_next()) syscall(SYS_pwrite64, fd, text, length / 2, at);
        change_moment('h', "write", room, NULL);
    }
    return is_full();
}

CHANGES ssize_t pwrite(int fd, const void *text, size_t length, off_t at)
{
    if (self && write_moments(fd, text, length, at)) return -1;
    return syscall(SYS_pwrite64, fd, text, length, at);
}
CHANGES ssize_t pwrite64(int fd, const void *text, size_t length, off_t at) { return pwrite(fd, text, length, at); }

CHANGES ssize_t copy_file_range(int from, off64_t *at, int to, off64_t *there, size_t length, unsigned flags)
{
    struct stat found;
    char room[PATH_MAX];
    if (self && descriptor_counts(to)) {
        name_of(to, room);
        change_moment('b', "write", room, NULL);
        if (is_next() && !syscall(SYS_fstat, from, &found) && found.st_size > 1) syscall(SYS_copy_file_range, from, at, to, there, found.st_size / 2, flags);
        change_moment('h', "write", room, NULL);
        if (is_full()) return -1;
    }
    return syscall(SYS_copy_file_range, from, at, to, there, length, flags);
}

CHANGES int ftruncate(int fd, off_t length)
{
    char room[PATH_MAX];
    if (self && descriptor_counts(fd)) change_moment('b', "truncate", name_of(fd, room), NULL);
    return syscall(SYS_ftruncate, fd, length);
}
CHANGES int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

CHANGES int truncate(const char *path, off_t length)
{
    if (path_counts(path)) change_moment('b', "truncate", path, NULL);
    return syscall(SYS_truncate, path, length);
}
CHANGES int truncate64(const char *path, off64_t length) { return truncate(path, length); }

/* ---- names ------------------------------------------------------------------------ */

CHANGES int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
    if (path_counts(old) && path_counts(new)) change_moment('b', "rename", old, new);
    return syscall(SYS_renameat2, from, old, to, new, flags);
}
CHANGES int renameat(int from, const char *old, int to, const char *new) { return renameat2(from, old, to, new, 0); }
CHANGES int rename(const char *old, const char *new) { return renameat2(AT_FDCWD, old, AT_FDCWD, new, 0); }

CHANGES int linkat(int from, const char *old, int to, const char *new, int flags)
{
    if (path_counts(new)) change_moment('b', "link", old, new);
    return syscall(SYS_linkat, from, old, to, new, flags);
}
CHANGES int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }

CHANGES int symlinkat(const char *target, int at, const char *path)
{
    if (path_counts(path)) {
        change_moment('b', "symlink", path, target);
        if (is_full()) return -1;
    }
    return syscall(SYS_symlinkat, target, at, path);
}
CHANGES int symlink(const char *target, const char *path) { return symlinkat(target, AT_FDCWD, path); }

CHANGES int unlinkat(int at, const char *path, int flags)
{
    if (path_counts(path)) change_moment('b', "remove", path, NULL);
    return syscall(SYS_unlinkat, at, path, flags);
}
CHANGES int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
CHANGES int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
CHANGES int remove(const char *path)
{
    if (!unlinkat(AT_FDCWD, path, 0)) return 0;
    return errno == EISDIR || errno == EPERM ? (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR) : -1;
}

CHANGES int mkdirat(int at, const char *path, mode_t mode)
{
    struct stat found;
    order_name(path);
    if (path_counts(path) && syscall(SYS_newfstatat, at, path, &found, AT_SYMLINK_NOFOLLOW)) {
        change_moment('b', "mkdir", path, NULL);
        if (is_full()) return -1;
    }
    return syscall(SYS_mkdirat, at, path, mode);
}
CHANGES int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

/* ---- modes and owners ---------------------------------------------------------------- */

static int descriptor_moment(int fd, const char *what)
{
    char room[PATH_MAX];
    if (self && descriptor_counts(fd)) change_moment('b', what, name_of(fd, room), NULL);
    return 0;
}

/* The kernel's fchmodat takes no flags; a link has no mode of its own. */
CHANGES int fchmodat(int at, const char *path, mode_t mode, int flags)
{
    struct stat found;
    char link[64];
    if (path_counts(path)) change_moment('b', "chmod", path, NULL);
    if (!flags) return syscall(SYS_fchmodat, at, path, mode);
    if (flags != AT_SYMLINK_NOFOLLOW) {
        errno = EINVAL;
        return -1;
    }
    int fd = syscall(SYS_openat, at, path, O_PATH | O_NOFOLLOW | O_CLOEXEC), result = -1, error;
    if (fd < 0) return -1;
    put_number(stpcpy(link, "/proc/self/fd/"), fd);
    if (!syscall(SYS_fstat, fd, &found) && S_ISLNK(found.st_mode)) errno = EOPNOTSUPP;
    else result = syscall(SYS_fchmodat, AT_FDCWD, link, mode);
    error = errno;
    syscall(SYS_close, fd);
    errno = error;
    return result;
}
CHANGES int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }
CHANGES int fchmod(int fd, mode_t mode) { return descriptor_moment(fd, "chmod") ? -1 : (int)syscall(SYS_fchmod, fd, mode); }

CHANGES int fchownat(int at, const char *path, uid_t user, gid_t group, int flags)
{
    if (path_counts(path)) change_moment('b', "chown", path, NULL);
    return syscall(SYS_fchownat, at, path, user, group, flags);
}
CHANGES int chown(const char *path, uid_t user, gid_t group) { return fchownat(AT_FDCWD, path, user, group, 0); }
CHANGES int lchown(const char *path, uid_t user, gid_t group) { return fchownat(AT_FDCWD, path, user, group, AT_SYMLINK_NOFOLLOW); }
CHANGES int fchown(int fd, uid_t user, gid_t group) { return descriptor_moment(fd, "chown") ? -1 : (int)syscall(SYS_fchown, fd, user, group); }
