#!/bin/bash
# Ways to put a file in place: $1 is the destination, /stage/new holds what it is to be.

by_rename() { cp /stage/new "$1.new" && chmod 0755 "$1.new" && mv -fT "$1.new" "$1"; }
by_link() { cp -p /stage/new "$1.new" && ln "$1.new" "$1" && rm "$1.new"; }
by_symlink() { ln -s /stage/new "$1.new" && mv -fT "$1.new" "$1"; }
by_symlink_over() { ln -sfn /stage/new "$1"; }
by_sed() { sed -i 's/old/new/' "$1"; }
by_rename_in_background() {
  by_rename "$1" &
  wait
}
with_its_directory() {
  mkdir -p "${1%/*}.new"
  cp /stage/new "${1%/*}.new/${1##*/}"
  mv -T "${1%/*}.new" "${1%/*}"
}
after_its_directory() {
  mkdir -p "${1%/*}"
  by_rename "$1"
}
twice_the_same_mode() {
  by_rename "$1"
  chown root:root "$1"
  chmod 0755 "$1"
  touch "$1"
}
by_a_child() { bash -c 'cp /stage/new "$1.new"; mkdir -p /made/by/child; mv -fT "$1.new" "$1"' child "$1"; }
removes() { rm -f "$1"; }

by_copy() { cp /stage/new "$1"; }
by_install() { install -m 0755 /stage/new "$1"; }
by_cat() { cat /stage/new >"$1"; }
by_append() { cat /stage/new >>"$1"; }
from_another_file_system() { cp /stage/new /dev/shm/new && mv -f /dev/shm/new "$1"; }
mode_after() {
  cp /stage/new "$1.new"
  mv -fT "$1.new" "$1"
  chmod 0700 "$1"
}
owner_after() {
  cp /stage/new "$1.new"
  mv -fT "$1.new" "$1"
  chown 1001:1001 "$1"
}
removes_first() {
  cp /stage/new "$1.new"
  rm -f "$1"
  mv -T "$1.new" "$1"
}
removes_its_directory_first() {
  cp /stage/new /stage/next
  rm -rf "${1%/*}"
  mkdir "${1%/*}"
  mv -T /stage/next "$1"
}
truncates_then_renames() {
  : >"$1"
  by_rename "$1"
}
mode_before() {
  chmod 0600 "$1"
  by_rename "$1"
}
with_directory_at_once() { install -D -m 0755 /stage/new "$1"; }
through_a_link() { cat /stage/new >"$1"; }
by_copy_in_background() {
  cp /stage/new "$1" &
  wait
}
by_copy_after_the_end() {
  { sleep 0.2; cp /stage/new "$1"; } &
}
by_copy_by_a_child() { bash -c 'cp /stage/new "$1"; :' child "$1"; }
by_copy_with_descriptors_closed() {
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    ((fd < 3 || fd == 255)) || eval "exec $fd>&-"
  done
  cp /stage/new "$1"
}

# In between there is what is neither the old one nor the new one.
template_then_sed() {
  echo 'password=@PASSWORD@' >"$1.new"
  mv -fT "$1.new" "$1"
  sed -i 's/@PASSWORD@/hush/' "$1"
}
empty_first() {
  : >"$1.new"
  mv -fT "$1.new" "$1"
  by_rename "$1"
}
comes_and_goes() {
  cp /stage/new "$1.new"
  mv -fT "$1.new" "$1"
  rm "$1"
}
through_a_hard_link() {
  ln "$1" "$1.too"
  echo more >>"$1.too"
  rm "$1.too"
}
through_a_hard_link_later() {
  by_rename "$1"
  through_a_hard_link "$1"
}
through_a_mapping() {
  python3 -c '
import mmap, sys
with open(sys.argv[1], "r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
    memory[0:3] = b"new"' "$1"
}
by_exchange() {
  cp /stage/new "$1.new"
  chmod 0755 "$1.new"
  python3 -c '
import ctypes, sys
sys.exit(ctypes.CDLL(None).renameat2(-100, sys.argv[1].encode() + b".new", -100, sys.argv[1].encode(), 2))' "$1"
  rm "$1.new"
}
