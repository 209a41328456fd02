import { describe, expect, it } from 'vitest';
import { defineShell, file } from 'shellrig';
import deploy from '#scripts/deploy.sh';

const shell = defineShell({ source: [deploy], files: { '/in': 'settings' } });

describe('deploy', () => {
  it('puts the file in place for its owner alone', { meta: { lessons: ['X1'] } }, async () => {
    const run = await shell.call('deploy', '/in', '/out');
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ '/out': file('settings', { mode: 0o600 }) });
  });

  it('refuses an empty file', async () => {
    const run = await shell.given({ files: { '/in': '' } }).call('deploy', '/in', '/out');
    expect(run).toExit(3);
  });

  it.skip('is skipped', () => {});
});
