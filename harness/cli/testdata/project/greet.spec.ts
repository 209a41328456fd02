import { describe, expect, it } from 'vitest';
import { any, defineShell, when, exits } from 'shellrig';
import greet from '#scripts/greet.sh';

const shell = defineShell({ source: [greet], stubs: { notify: when(['2']).exits(7).otherwise(exits(0)) } });

describe('greet', () => {
  it('says hello', async () => {
    const run = await shell.call('greet', 'you');
    expect(run).toSucceed();
    expect(run).toPrint('hello you');
  });

  it('counts (1 > 0), "twice"', async () => {
    const run = await shell.call('count');
    expect(run).toExit(1);
    expect(run).toHaveCalledTimes('notify', 2, any);
  });
});
