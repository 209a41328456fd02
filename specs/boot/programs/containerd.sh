#!/bin/bash
# A containerd, as far as its node sees it: some time after its start it listens at its socket, and then it has started.
# Who puts it in place sets the next line.
listens_after=1
set -u

SOCKET=/run/containerd/containerd.sock

sleep "$listens_after"
mkdir -p "${SOCKET%/*}"
rm -f "$SOCKET"
# shellcheck disable=SC2016  # that is perl
exec perl -MSocket -e '
    my $listener;
    socket($listener, AF_UNIX, SOCK_STREAM, 0) && bind($listener, pack_sockaddr_un($ARGV[0])) && listen($listener, 8) or die "$ARGV[0]: $!\n";
    system("systemd-notify", "--ready") == 0 or die "systemd was not told\n";
    close(my $peer) while accept($peer, $listener);
' "$SOCKET"
