import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { defineShell, handle } from 'shellrig';

const { out } = vi.hoisted(() => ({ out: { path: '' } }));
vi.mock('../sandbox/guard/guard.js', async (original) => ({
  ...await original<typeof import('../sandbox/guard/guard.js')>(),
  clockLibrary: (arch: string = process.arch) => join(out.path, `dwelling-${arch}.so`),
}));

out.path = mkdtempSync(join(tmpdir(), 'shellrig-dwelling-'));
afterAll(() => { rmSync(out.path, { recursive: true }); });
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const isBuilt = execaSync('bash', [path('../sandbox/guard/build.sh'), '-c', path('testdata/dwelling.c'), '-o', out.path, process.arch], { reject: false }).exitCode === 0;

/** Milliseconds that the host takes to answer, which process 1 dwells on three. */
const DELAYS = [0, 1, 2, 4, 7];

describe.runIf(isBuilt)('C1: what a machine that is busy does not change (skipped where there is no compiler)', () => {
  const shell = defineShell({ clock: 'virtual', limits: { time: '60s' } });
  it.each([
    ['an answer of the host', 'for i in {1..10}; do ask; sleep .1; done', 1000],
    ['an answer to who has only so much time', 'for i in {1..10}; do timeout 5 bash -c "ask"; sleep .1; done', 1000],
    ['answers to several', 'for i in {1..5}; do ask | { read -t 9 -r line; sleep .5; } & { sleep .5; ask; sleep .5; } & wait; done', 5000],
    ['output that the host has to read first', 'ask; for i in {1..5}; do head -c 200000 /dev/zero; sleep 1; done', 5000],
    ['the death of who was waited for', 'ask; for i in {1..10}; do timeout 5 sleep .1; (sleep 1 & wait); done', 11_000],
  ])('%s', async (_, text, duration) => {
    let asked = 0;
    const ask = handle(async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, DELAYS[asked % DELAYS.length]));
      return 0;
    });
    const run = await shell.given({ stubs: { ask } }).call('bash', '-c', text);
    expect(run.exitCode).toBe(0);
    expect(asked).toBeGreaterThan(0);
    expect(run.record.duration).toBe(duration);
  });
});
