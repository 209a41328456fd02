import { describe, expect, it } from 'vitest';
import { defineShell, file } from 'shellrig';
import { owners } from './owners.js';

const shell = defineShell();

describe('S5: owners', () => {
  const real = owners().kind === 'range';

  it.runIf(real)('are real: chown, install -o, tar and cp keep foreign ones, and a forgotten chown shows', async () => {
    const files = { '/a': file('a', { owner: '1001:1002', mode: 0o600 }) };
    const run = await shell.given({ files }).call('eval', 'cp -a /a /b; install -o 7 -g daemon -m 4755 /a /c; tar -cf - /a /c 2>/dev/null | tar -xf - -C /mnt; cp /a /d; touch /e; chown nobody:nogroup /e');
    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      '/b': file('a', { owner: '1001:1002', mode: 0o600 }),
      '/c': file('a', { owner: '7:daemon', mode: 0o4755 }),
      '/mnt/a': file('a', { owner: '1001:1002', mode: 0o600 }),
      '/mnt/c': file('a', { owner: '7:daemon', mode: 0o4755 }),
      '/d': file('a', { owner: 'root:root' }),
      '/e': file('', { owner: 'nobody:nogroup' }),
    });
    expect(run).not.toHaveFile('/d', file('a', { owner: '1001:1002' }));
  });

  it.runIf(real)('are put back, in private directories of others too', async () => {
    const other = defineShell({ files: { '/p/secret': file('s', { owner: '1001:1001', mode: 0o600 }) } });
    const run = await other.call('eval', 'chown 1001:1001 /p; chmod 700 /p; echo changed > /p/secret; echo new > /p/new; chown 1001 /p/new; chmod 0 /p/new');
    expect(run).toHaveChangedOnly({ '/p': { spec: 'directory', mode: 0o700, owner: '1001:1001' }, '/p/secret': file('changed\n'), '/p/new': file('new\n', { owner: '1001:root', mode: 0 }) });
    const next = await other.call('stat', '-c', '%a %u %n', '/p', '/p/secret');
    expect(next.stdout).toBe('755 0 /p\n600 1001 /p/secret\n');
    expect(next).toHaveChangedOnly({});
  });

  it.runIf(!real)('are not real: chown succeeds without effect, and an expectation on one says what mends it', async () => {
    const run = await shell.call('eval', 'touch /a && chown 1001:1001 /a && stat -c %u /a');
    expect(run.stdout).toBe('0\n');
    expect(() => expect(run).toHaveFile('/a', file('', { owner: '1001:1001' }))).toThrow('owners are not real on this machine');
    expect(() => expect(run).not.toHaveFile('/a', file('', { owner: '0:0' }))).toThrow('usermod --add-subuids');
  });
});
