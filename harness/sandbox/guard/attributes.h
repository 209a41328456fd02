/*
 * Extended attributes, which nothing else tells of: file capabilities, and what
 * scripts note on files. A sandbox in which one was set is not used again: a
 * file more in the box says so. Not access control lists, which `cp -p` sets
 * where there are none.
 */
#include <sys/xattr.h>

#define ATTRIBUTES "/run/shellrig/box/attributes"

static int attribute_set(const char *name, int status)
{
    int error = errno;
    if (status == 0 && strncmp(name, "system.", 7)) {
        int fd = syscall(SYS_openat, AT_FDCWD, ATTRIBUTES, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
        if (fd >= 0) syscall(SYS_close, fd);
    }
    errno = error;
    return status;
}

EXPORT int setxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    return attribute_set(name, syscall(SYS_setxattr, path, name, value, size, flags));
}

EXPORT int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)
{
    return attribute_set(name, syscall(SYS_lsetxattr, path, name, value, size, flags));
}

EXPORT int fsetxattr(int fd, const char *name, const void *value, size_t size, int flags)
{
    return attribute_set(name, syscall(SYS_fsetxattr, fd, name, value, size, flags));
}
