import { describe, expect, it } from 'vitest';
import type { Inside } from '../stubs/supervisor.js';
import { Processes } from './processes.js';

const NOBODY: Inside = {
  root: '/nowhere', proc: '/nowhere', started: 0,
  processes: () => [], order: () => {}, forgetOrders: () => {}, reply: () => {}, read: () => Buffer.alloc(0), tell: () => {},
};

describe('the processes of units', () => {
  it('begin when all that led to them is recorded, not before', () => {
    const begun: string[] = [];
    const processes = new Processes({ ...NOBODY, order: (words) => begun.push(words.at(-1)!) });

    processes.start({ unit: 'agent.service', argv: ['/opt/agent'], argv0: undefined, environment: new Map(), directory: '/', umask: '022', output: '1', errors: '1', invocation: 'first' });
    processes.order(['/bin/mkdir', '/run/agent']);

    expect(begun).toEqual([]);
    expect(processes.carryOut()).toBe(true);
    expect(begun).toEqual(['/opt/agent', '/run/agent']);
    expect(processes.carryOut()).toBe(false);
  });
});
