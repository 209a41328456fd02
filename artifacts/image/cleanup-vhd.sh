#!/bin/bash
# Cleans a machine up that becomes an image: the last step of its making, run as `bash -eux`. What is left would show
# in every node, so a step that fails keeps none of the others from being done. Ends with 1 where one has failed.
set -eux

FAILED=no

# (program, argument...): goes on where it fails, and says so.
attempt() {
    if ! timeout 60 "$@"; then
        echo "failed, the clean-up goes on: $*" >&2
        FAILED=yes
    fi
}

# A node configures containerd and starts it then: what was started by the image would have to be started again.
attempt systemctl daemon-reload
attempt systemctl disable --now containerd

# Who may log in, and what was logged, is of the machine that the image is made of; so is what it is named by.
attempt rm -f /root/.ssh/authorized_keys /home/packer/.ssh/authorized_keys
attempt rm -f /var/log/cloud-init.log /var/log/cloud-init-output.log
attempt rm -rf /var/log/stunnel4
attempt truncate -s 0 /etc/machine-id
attempt chmod 0644 /etc/machine-id
attempt rm -f /opt/azure/disk-usage.txt /opt/azure/containers/image-fetcher /opt/azure/containers/imds_instance_metadata_cache.json

if [ "$FAILED" = yes ]; then
    exit 1
fi
