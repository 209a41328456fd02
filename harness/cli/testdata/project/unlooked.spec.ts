import { beforeAll, describe, expect, it } from 'vitest';
import { defineShell, exits } from 'shellrig';
import greet from '#scripts/greet.sh';

const shell = defineShell({ source: [greet], stubs: { notify: exits(0) } });

beforeAll(async () => {
  const run = await shell.call('greet', 'hook');
  expect(run).toSucceed();
});

describe('greet', () => {
  beforeAll(async () => {
    const run = await shell.call('greet', 'suite');
    expect(run).toSucceed();
  });

  it('succeeds', async () => {
    for (const name of ['one', 'two']) expect(await shell.call('greet', name)).toSucceed();
  });

  it('counts', async () => {
    const run = await shell.call('count');
    expect(run).toExit(1);
    expect(run).toHaveCalled('notify', '1');
  });

  it('counts, and nobody cares', async () => {
    const run = await shell.given({ allow: { unasserted: { calls: ['notify'] } } }).call('count');
    expect(run).toExit(1);
    expect(run.stdout).toBe('');
  });
});
