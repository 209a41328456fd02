#!/bin/bash
# Gives files to others, in the ways that scripts do.
by_chown() { echo x >/opt/f; chown 1001:1002 /opt/f; }
by_chown_of_names() { echo x >/opt/f; chown daemon:adm /opt/f; }
by_chgrp() { echo x >/opt/f; chgrp 1002 /opt/f; }
by_install() { install -o 1001 -g 1002 -m 4755 /etc/hosts /opt/f; }
by_tar() {
  echo x >/tmp/f
  tar --owner=1001 --group=1002 -C /tmp -cf /tmp/a.tar f
  tar -C /opt -xf /tmp/a.tar
}
by_cpio() {
  echo x >/tmp/f
  chown 1001:1002 /tmp/f
  (cd /tmp && echo f | cpio --quiet -o >/tmp/a.cpio)
  (cd /opt && cpio --quiet -id </tmp/a.cpio)
}
by_copy() { cp -a /srv/given /opt/f; }
by_reference() { echo x >/opt/f; chown --reference=/srv/given /opt/f; }
by_recursion() { mkdir /opt/d; echo x >/opt/d/f; chown -R 1001:1002 /opt/d; }
of_a_link() { ln -s /nowhere /opt/f; chown -h 1001:1002 /opt/f; }
of_nobody_known() { echo x >/opt/f; chown nosuchuser /opt/f; }
of_nothing() { chown 1001 /opt/nothing; }
shown() { stat -c %u:%g "$@"; }

private_to_others() {
  mkdir -m 700 /srv/private/new
  echo "secret" >/srv/private/new/file
  chmod 600 /srv/private/new/file
  echo "changed" >/srv/private/file
  rm -r /srv/private/gone
  chown -R 1001:1001 /srv/private
}
as_another() { setpriv --reuid 1001 --regid 1001 --clear-groups -- bash -c 'id -u; cat /srv/private/file; touch /srv/private/mine; touch /opt/x'; }
closed_to_everybody() { mkdir /opt/d; echo x >/opt/d/f; chmod 000 /opt/d/f /opt/d; }
close_what_was_there() { chmod 000 /etc/passwd /etc/group /usr/bin /var; }
