import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COSTS_FILE, CostsError, parseCosts, readCosts } from './costs.js';
import { costOf } from './timed-boot.js';

type Json = Record<string, unknown>;

/** The file of costs, with something else at a path. */
function changed(path: readonly (string | number)[], value: unknown): string {
  const costs = JSON.parse(readFileSync(COSTS_FILE, 'utf8')) as Json;
  let at: Json = costs;
  for (const name of path.slice(0, -1)) at = at[name] as Json;
  at[path.at(-1) ?? ''] = value;
  return JSON.stringify(costs);
}

describe('the costs', () => {
  it('have at most three numbers that nobody measured', () => {
    expect(Object.keys(readCosts().free).length).toBeLessThanOrEqual(3);
  });

  it.each([
    [['more'], 1, '`costs` has no member `more`: there are published, free, measured, leftOut, unseen'],
    [['free', 'more'], { value: 1, of: 'x' }, '`free` has no member `more`: there are pace, registering, becomingReady'],
    [['free', 'pace'], { value: 1 }, '`free.pace.of` is missing'],
    [['free', 'pace', 'value'], '1', '`free.pace.value` is a number from 0'],
    [['published', 'deferred', 'pods run'], 1, '`published.deferred` has no member `pods run`: there are ensureKubelet done, kubelet started, node registered, NodeReady'],
    [['measured', 'commands'], [], '`measured.commands` is a list that is not empty'],
    [['measured', 'commands', 0, 'times'], -1, '`measured.commands[0].times` is a number from 0'],
    [['measured', 'commands', 0, 'source'], 'x', '`measured.commands[0]` has no member `source`: there are of, how, times, milliseconds'],
    [['measured', 'containerd'], 12, '`measured.containerd` is an object'],
    [['measured', 'where'], '', '`measured.where` is a text that is not empty'],
  ] as const)('are refused where %j is not as it should be', (path, value, message) => {
    expect(() => parseCosts(changed(path, value))).toThrow(new CostsError(message));
  });

  it('are refused where they are no JSON', () => {
    expect(() => parseCosts('{')).toThrow(/^the costs are no JSON: /);
  });
});

describe('what a command takes', () => {
  const command = (of: string, milliseconds: number) => ({ of, how: 'measured', times: 1, milliseconds });
  const { measured, leftOut } = { measured: { ...readCosts().measured, commands: [command('service', 5), command('service restart', 7)] }, leftOut: [{ of: 'service restart none', why: 'x' }] };
  const cost = (name: string, ...args: string[]) => costOf({ measured, leftOut }, { name, args });

  it('is told by the longest beginning that fits, word by word, wherever the program lies', () => {
    expect(cost('service', 'stop', 'x')).toBe(5);
    expect(cost('/sbin/service', 'restart', 'x')).toBe(7);
    expect(cost('service', 'restarted')).toBe(5);
    expect(cost('service', 'restart', 'none')).toBe(0);
  });

  it('has to be told', () => {
    expect(() => cost('services', 'restart')).toThrow('the costs do not know what `services restart` takes');
  });
});
