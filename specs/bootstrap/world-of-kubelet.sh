#!/bin/bash
# What the world does while kubelet is about to be started. Sourced, for its functions.

# Makes containerd's socket, as containerd does when it begins to listen.
containerd_listens() {
    mkdir -p /run/containerd
    perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0) && bind(S, pack_sockaddr_un($ARGV[0])) or die $!' /run/containerd/containerd.sock
}

# (command...): runs it, and containerd listens before it begins.
with_containerd() {
    containerd_listens
    "$@"
}
