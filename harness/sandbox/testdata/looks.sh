#!/bin/bash
# What a script sees of where it runs, and what it may do there.

identity() { grep -E '^(Uid|Gid|Groups|CapEff|CapPrm|NoNewPrivs):' "/proc/$BASHPID/status"; }
namespaces() { readlink /proc/self/ns/{user,mnt,pid,ipc,uts,net}; }
# Until the host has looked at it from outside.
stay() { until [[ -e /tmp/seen ]]; do sleep 0.01; done; }

environment_of_a_program() { env; }
environment_of_a_child() { bash -c env; }
# The last one is that of the list itself.
descriptors_of_a_program() { ls /proc/self/fd; }
descriptors_of_bash() { ls "/proc/$BASHPID/fd"; }

speak_on_loopback() {
  perl -MIO::Socket::INET -e '
    my $server = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die;
    print $server->sockport, "\n"; close STDOUT;
    my $client = $server->accept; print $client "heard ", scalar <$client>' >/tmp/port &
  until [[ -s /tmp/port ]]; do sleep 0.01; done
  exec 3<>"/dev/tcp/127.0.0.1/$(</tmp/port)"
  echo "hello" >&3
  cat <&3
}
speak_to_the_world() {
  local address
  for address in 1.1.1.1 10.0.0.1 172.17.0.1 192.168.0.1; do
    if (exec 3<>"/dev/tcp/$address/80"); then echo "reached $address"; fi
  done
}
interfaces() { sed '1,2d; s/:.*//; s/ //g' /proc/net/dev; }

write_everywhere() {
  local path
  for path in /x /opt/bin/x /etc/systemd/system/x /usr/bin/x /usr/sbin/x /usr/lib/systemd/system/x /usr/lib/x /usr/libexec/x \
    /usr/local/bin/x /usr/share/x /var/lib/x /root/x /home/x /srv/x /run/x /dev/x /boot/x /bin/y /sbin/y /lib/y /dev/shm/x; do
    mkdir -p "${path%/*}/"
    echo "text" >"$path" || echo "not writable: $path"
  done
}
replace_a_tool() {
  rm /usr/bin/tac
  printf '#!/bin/sh\necho mine\n' >/usr/bin/tac
  chmod +x /usr/bin/tac
  tac
}
programs_in_sight() { find / -path /proc -prune -o -type f -perm -1 -print; }
write_to_the_host() {
  local directory
  for directory in /usr/lib/*-linux-gnu /usr/lib64 /usr/lib/locale /usr/share/zoneinfo /run/shellrig /run/shellrig/host /run/shellrig/host/bin; do
    if touch "$directory/x" 2>/dev/null; then echo "wrote to $directory"; fi
  done
}

mount_something() { mount -t tmpfs none /mnt; }
unmount_something() { umount /run/shellrig/box; }
make_a_device() { mknod /tmp/disk b 8 0; }
set_the_clock() { date -s 2001-01-01; }
change_the_kernel() { echo 1 >/proc/sys/net/ipv4/ip_forward; }
