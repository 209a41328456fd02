#!/bin/bash
# Changes the tree in ways that are hard to see or to undo.
odd_names() {
  mkdir -p "/opt/new
line" '/opt/ blank ' /opt/$'tab\t' /opt/-dash '/opt/*' /opt/ünïcode /opt/$'bytes\xff\xfe' "/opt/$(printf 'x%.0s' {1..255})"
  local name
  for name in /opt/*/; do echo "in it" >"${name}file"; done
  echo one >/opt/$'\xc3\x28'
  echo two >/opt/$'\xc3\x29'
  ln -s $'target\xff' /opt/link
}
change_given_odd_name() { echo changed >/srv/$'odd \xe2\x82\nname'; }
special_files() {
  mkfifo /opt/fifo
  perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "/opt/socket", Listen => 1) or die'
}
replace_special_files() { rm /srv/fifo; echo file >/srv/fifo; }
deep_directories() {
  local step
  cd /opt || return
  for ((step = 0; step < 30; step++)); do
    mkdir "$(printf 'd%.0s' {1..200})"
    cd "$(printf 'd%.0s' {1..200})" || return
  done
  echo deep >file
}
many_files() { mkdir /opt/many; (cd /opt/many && for ((i = 0; i < 5000; i++)); do echo "$i" >"$i"; done); }
link_loops() { ln -s loop /opt/loop; ln -s . /opt/self; ln -s /opt /opt/up; ln -s two /opt/one; ln -s one /opt/two; }
directory_by_file() { rm -r /srv/directory; echo file >/srv/directory; }
file_by_directory() { rm /srv/file; mkdir -p /srv/file/with/more; }
file_by_link() { rm /srv/file; ln -s /etc/passwd /srv/file; }
directory_by_link() { mv /srv/directory /srv/elsewhere; ln -s elsewhere /srv/directory; rm /srv/directory/file; }
directory_by_link_out() { rm -r /srv/directory; ln -s /etc /srv/directory; rm /srv/directory/hosts; echo new >/srv/directory/passwd; }
link_by_directory() { rm /bin; mkdir /bin; cp /usr/bin/true /bin/; }
hard_links() { ln /srv/file /srv/again; echo changed >/srv/again; ln /etc/passwd /opt/passwd; }
set_bits() { cp /usr/bin/true /opt/suid; chmod 6755 /opt/suid; chmod 1777 /srv/directory; chmod 2755 /srv; }
modes() { chmod 000 /srv/file /srv/directory /opt; }
sparse_file() { truncate -s 1G /opt/sparse; printf end | dd of=/opt/sparse bs=1 seek=536870912 conv=notrunc status=none; }
file_beyond_any_buffer() { truncate -s 8G /opt/huge; }
move_a_parent() { mv /srv /srv2; }
move_the_baseline() { mv /etc /etc2; mv /usr/bin /usr/sbin/bin2; }
swap_directories() { mv /srv/directory /tmp/x; mv /opt /srv/directory; mv /tmp/x /opt; }
unseen_by_times() { local size; size=$(stat -c %s /srv/file); head -c "$size" /dev/zero | tr '\0' y >/tmp/y; touch -r /srv/file /tmp/y; cp -p /tmp/y /srv/file; rm /tmp/y; }
root_directory() { chmod 1777 /; chown 1:1 /; }
memory_files() { echo x >/dev/shm/x; mkdir /dev/shm/d; rm /dev/shm/given; }
devices() { rm -f /dev/null; echo text >/dev/other; ln -sf /dev/zero /dev/stdin; }
# shellcheck disable=SC2114 # in a sandbox
remove_all() { rm -rf /srv /opt /home /etc /var /root 2>/dev/null; }
age() { touch -d 1999-01-01 /srv/file /srv/directory; }
age_all() { find /srv /opt /etc /dev/fd /bin -exec touch -h -d 1999-01-01T01:02:03.123456789 {} +; }
hide_by_age() { touch -r /opt /tmp/as; touch /opt/new; touch -r /tmp/as /opt; }
in_the_root() { mkdir /new; touch -d 1999-01-01 /; }
own_links() { chown -h daemon:daemon /srv/link /bin /dev/fd; }
times() { find / -xdev -path /run/shellrig -prune -o -path /proc -prune -o -printf '%p %T@\n' | sort; }
chown_any() { chown daemon:daemon "$1"; }
chown_link_any() { chown -h daemon:daemon "$1"; }
chmod_any() { chmod 700 "$1"; }
touch_any() { touch -h "$1"; }
in_srv() { touch /srv/new; }
nothing() { :; }
