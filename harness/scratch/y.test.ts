import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
const shell = defineShell({ source: ['./lib.sh'] });
it('greets', async () => {
  const run2 = await shell.call('bash', '-c', 'ls -l /proc/self/fd /run/shellrig/box > /tmp/o; echo err >&2;  ls -l /proc/1/fd >> /tmp/o');
  console.log([run2.stdout, run2.stderr, run2.exitCode]);
  console.log(run2.file('/tmp/o').text);
});
