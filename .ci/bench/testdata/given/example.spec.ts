import { expect, it } from 'vitest';
import { defineShell, exits, file } from 'shellrig';
import lib from '../stub/lib.sh';

const shell = defineShell({ source: [lib] });

for (let index = 0; index < Number(process.env['EXAMPLES']); index += 1) {
  it(`releases ${index}`, async () => {
    const run = await shell
      .given({ stubs: { systemctl: exits(0) }, files: { '/opt/version': '2.0\n' } })
      .call('release', '2.1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('systemctl', 'restart', 'app');
    expect(run).toHaveChangedOnly({ '/opt/version': file('2.1\n') });
  });
}
