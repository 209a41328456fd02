import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import lib from './lib.sh';

const shell = defineShell({ source: [lib] });

for (let index = 0; index < Number(process.env['EXAMPLES']); index += 1) {
  it(`greets ${index}`, async () => {
    const run = await shell.call('greet', 'world');

    expect(run).toSucceed();
    expect(run).toPrint('hello world\n');
  });
}
