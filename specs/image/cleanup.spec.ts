import { describe, expect, it } from 'vitest';
import { defineShell, exits, file, removed, when, type Run, type Stub } from 'shellrig';
import cleanup from '#image/cleanup-vhd.sh';
import { lesson } from '../support/lesson.js';

/** What is the machine's that an image is made of. */
const OF_THE_MACHINE = [
  '/root/.ssh/authorized_keys', '/home/packer/.ssh/authorized_keys', '/var/log/cloud-init.log', '/var/log/cloud-init-output.log', '/opt/azure/disk-usage.txt',
  '/opt/azure/containers/image-fetcher', '/opt/azure/containers/imds_instance_metadata_cache.json',
];

const image = defineShell({
  files: { ...Object.fromEntries(OF_THE_MACHINE.map((path) => [path, 'x'])), '/var/log/stunnel4/stunnel.log': 'x', '/etc/machine-id': file('0123456789abcdef\n', { mode: 0o444 }) },
  stubs: { systemctl: exits(0) },
  // All that it executes is traced there: it is looked at in what comes of it.
  allow: { unasserted: { stderr: true } },
});

function cleanedUp(systemctl: Stub = exits(0)): Promise<Run> {
  return image.given({ stubs: { systemctl } }).exec(cleanup);
}

function isClean(run: Run): void {
  expect(run).toHaveChangedOnly({
    ...Object.fromEntries(OF_THE_MACHINE.map((path) => [path, removed])), '/var/log/stunnel4': removed, '/var/log/stunnel4/stunnel.log': removed,
    '/etc/machine-id': file('', { mode: 0o644, owner: 'root:root' }),
  });
  expect(run.calls('systemctl').map(({ args }) => args.join(' '))).toEqual(['daemon-reload', 'disable --now containerd']);
}

describe('the clean-up of an image', () => {
  it('has containerd not started by the image, and leaves nothing of the machine that it was made of', lesson('A12'), async () => {
    const run = await cleanedUp();

    expect(run).toSucceed();
    isClean(run);
  });

  it.each([
    ['daemon-reload', when(['daemon-reload']).exits(1).otherwise(exits(0))],
    ['disable --now containerd', when(['disable', '--now', 'containerd']).exits(1).otherwise(exits(0))],
  ])('goes on where systemctl %s fails, says so, and does not end well', lesson('A12'), async (words, systemctl) => {
    const run = await cleanedUp(systemctl);

    expect(run).toExit(1);
    expect(run).toPrint(`failed, the clean-up goes on: systemctl ${words}\n`, { on: 'stderr' });
    isClean(run);
  });
});
