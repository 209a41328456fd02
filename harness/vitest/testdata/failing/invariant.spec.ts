import { expect, it } from 'vitest';
import { defineShell, exits } from 'shellrig';
import { atomicReplacement, noLeftovers } from 'shellrig/invariants';
import lib from './lib.sh';

const UNIT = '/etc/systemd/system/web.service';
const shell = defineShell({
  source: [lib],
  files: { '/etc/unit': '[Unit]\nDescription=web\n', [UNIT]: '[Unit]\n' },
  stubs: { systemctl: exits(0) },
  invariants: [noLeftovers(), atomicReplacement(UNIT)],
});

it('does not hold of a run', async () => {
  const run = await shell.call('deploy', 'web');
  expect(run).toSucceed();
});

it('may be broken, or is looked at', async () => {
  const run = await shell.given({ allow: { broken: ['atomicReplacement'] } }).call('deploy', 'web');
  expect(run).toSucceed();
  const other = await shell.call('deploy', 'web');
  expect(other).toSucceed();
  expect(other).not.toHold(atomicReplacement(UNIT));
});
