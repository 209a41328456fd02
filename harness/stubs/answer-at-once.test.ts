import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, exits, returns, type Run, type Stub } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { owners } from '../sandbox/owners.js';

const SCRIPT = fileURLToPath(new URL('testdata/moods.sh', import.meta.url));
const CALLERS = [...readFileSync(SCRIPT, 'utf8').matchAll(/^(\w+)\(\) \{$/gm)].map(([, name]) => name as string)
  // Without a range of ids there is no other user.
  .filter((name) => name !== 'as_another_user' || owners().kind === 'range');

/** What guard.c does not answer at once, though it is the same answer: it has to wait. */
const inBash = (stub: Stub) => stub.takes('0.001s');

describe('T2: an answer that guard.c gives at once is the one that bash would give', () => {
  const answers: [text: string, stub: Stub][] = [
    ['nothing', exits(0)],
    ['an exit code, both streams, quotes and line ends', exits(255).returns("it's\n'quoted'\n\n").complains('$HOME `id` \\')],
    ['bytes that are no text', returns(Buffer.from([0xff, 0x27, 0x5c, 0x0a, 0x80]))],
    ['more than a pipe holds', returns(`${'x'.repeat(99)}\n`.repeat(2000))],
  ];

  describe.each(answers)('%s', (_, stub) => {
    const shell = defineShell({ source: [SCRIPT], stubs: { backend: stub } });
    const other = shell.with({ stubs: { backend: inBash(stub) } });

    it.each(CALLERS)('%s', async (caller) => {
      expect(seen(await shell.call(caller))).toEqual(seen(await other.call(caller)));
    });
  });

  it('given by an example, and under an absolute path', async () => {
    const shell = defineShell({ stubs: { backend: exits(1), '/opt/tool': returns('tool\n') } });
    const run = await shell.given({ stubs: { backend: returns('given\n') } }).call('eval', 'backend; /opt/tool');
    expect(run).toSucceed();
    expect(run.stdout).toBe('given\ntool\n');
    expect(run.allCalls).toMatchObject([{ name: 'backend', exitCode: 0 }, { name: '/opt/tool', exitCode: 0 }]);
  });
});

/** What a run shows but for process ids and times. */
function seen({ record, exitCode: code }: Run) {
  return {
    code, stdout: record.stdout, stderr: record.stderr, background: record.background.length,
    calls: record.calls.map(({ name, rawArgs, cwd, exitCode, site, isFunction, start, end }) =>
      ({ name, rawArgs, cwd, exitCode, line: site?.line, isFunction, isTimed: end !== undefined && end >= start })),
  };
}
