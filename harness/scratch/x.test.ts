import { expect, it } from 'vitest';
import { defineShell, exits, file, StrictError, when, any, handle, returns, real, bash } from 'shellrig';
const shell = defineShell({ source: ['./lib.sh'], files: { '/etc/in': 'data' }, stubs: { systemctl: exits(0) } });
it('greets', async () => {
  const run = await shell.call('greet', 'bob');
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toBe('hello bob\n');
});
it('again', async () => {
  let t = performance.now();
  for (let i = 0; i < 50; i++) { const run = await shell.call('greet', 'bob'); run.exitCode; }
  console.log('ms each', (performance.now() - t) / 50);
});
it('deploys', async () => {
  const run = await shell.call('deploy', 'kubelet');
  console.log(run.exitCode, run.stdout, run.stderr, run.calls('systemctl').map(c => [c.args, c.exitCode, c.site, c.stack]), [...run.record.changes.keys()]);
  console.log(run.effects({at: true}));
  const t = performance.now();
  for (let i = 0; i < 20; i++) { const run = await shell.call('deploy', 'kubelet'); run.exitCode; }
  console.log('ms each', (performance.now() - t) / 20);
});
it('asks', async () => {
  const run = await shell.given({ stubs: { systemctl: when(['restart', any]).exits(5).otherwise(exits(0)) } }).call('deploy', 'x');
  expect(run.exitCode).toBe(4);
  console.log(run.stderr);
});
it('dies', async () => {
  const run = await shell.call('fail_at');
  expect(run.exitCode).toBe(7);
  await expect(shell.call('nosuch')).rejects.toThrow(StrictError);
  await shell.call('nosuch').catch(e => console.log(e.message));
});
