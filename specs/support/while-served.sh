#!/bin/bash
# A web server on the loopback of the sandbox. Sourced after the scripts that install.

# (port, command...): runs the command while what lies in /srv is served at http://127.0.0.1:<port>. In
# a subshell, as the command may exit: the server has to end whatever it does.
while_served() {
    local port=$1 server status=0
    shift
    busybox httpd -f -p "127.0.0.1:$port" -h /srv &
    server=$!
    until (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep .1; done
    ("$@") || status=$?
    kill "$server"
    wait "$server" 2>/dev/null || :
    return "$status"
}
