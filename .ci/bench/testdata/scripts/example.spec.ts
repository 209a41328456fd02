import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import lib from '../trivial/lib.sh';

const source = [...process.env['SCRIPTS']!.split(':'), lib];
const shell = defineShell({ source, env: { __SOURCED__: '1' } });

for (let index = 0; index < Number(process.env['EXAMPLES']); index += 1) {
  it(`greets ${index}`, async () => {
    const run = await shell.call('greet', 'world');

    expect(run).toSucceed();
    expect(run).toPrint('hello world\n');
  });
}
