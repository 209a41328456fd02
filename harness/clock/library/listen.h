/*
 * Sockets on which the world outside listens (ActorWorld.listen). Whoever
 * connects and waits for an answer gets it when everything waits: so it has
 * said what it had to say, and no time goes by meanwhile.
 */
#pragma once
#include "files.h"
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

/* "unix PATH" or "tcp PORT". Returns an errno. */
static int listen_at(char *where)
{
    struct sockaddr_un path = { .sun_family = AF_UNIX };
    struct sockaddr_in port = { .sin_family = AF_INET };
    int is_unix = !strncmp(where, "unix ", 5), on = 1, number = conductor.listening;
    if (number == LISTENERS) return EMFILE;
    if (is_unix && strlen(where + 5) >= sizeof path.sun_path) return ENAMETOOLONG;
    int file = syscall(SYS_socket, is_unix ? AF_UNIX : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (file < 0) return errno;
    conductor.listeners[number] = file;
    if (is_unix) strcpy(path.sun_path, where + 5);
    else port.sin_port = htons(strtol(where + 4, NULL, 10));
    if (!is_unix) syscall(SYS_setsockopt, file, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (syscall(SYS_bind, file, is_unix ? (void *)&path : (void *)&port, is_unix ? sizeof path : sizeof port) || syscall(SYS_listen, file, 128)) {
        int error = errno;
        syscall(SYS_close, file);
        return error;
    }
    if (is_unix) chmod(path.sun_path, 0777);
    conductor.listening++;
    return 0;
}

/* What it is sent is taken off its hands: a connection that is closed with more to read loses the answer. */
static void answer(int connection, int number)
{
    char room[4096], name[64];
    while (syscall(SYS_read, connection, room, sizeof room) > 0) continue;
    sprintf(name, BOX "listen/%d", number);
    int file = open_file(name, O_RDONLY);
    for (long length; file >= 0 && (length = syscall(SYS_read, file, room, sizeof room)) > 0; )
        if (syscall(SYS_sendto, connection, room, length, MSG_NOSIGNAL, NULL, 0) != length) break;
    if (file >= 0) syscall(SYS_close, file);
    syscall(SYS_close, connection);
}

/* Returns whether anybody had connected. */
static int answer_all(void)
{
    int count = 0;
    for (int i = 0; i < conductor.listening; i++)
        for (long connection; (connection = syscall(SYS_accept4, conductor.listeners[i], NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0; count++) answer(connection, i);
    return count;
}
