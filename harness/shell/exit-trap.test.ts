import { defineShell, file } from 'shellrig';
import { describe, expect, it } from 'vitest';

const SCRIPT = ['#!/bin/bash', 'set -u', 'work() {', '  local t=/tmp/x', "  trap 'rm -f \"$t\"' EXIT", '  echo done', '}', 'work', ''].join('\n');
const LONG = ['set -u', "trap '", '  echo ending', '  rm -f "$t"', "' EXIT", ''].join('\n');
const shell = defineShell({ files: { '/srv/work.sh': file(SCRIPT, { mode: 0o755 }), '/srv/long.sh': LONG } });

async function told(run: Promise<unknown>): Promise<string> {
  const error = await run.then(() => undefined, (reason: unknown) => reason as Error);
  expect(error).toMatchObject({ code: 'shell-error' });
  expect(error?.message).not.toContain('/run/shellrig');
  return error?.message ?? '';
}

describe('an error of bash in an EXIT trap', () => {
  it.each([
    ['fork', 'source', () => shell.given({ process: 'fork' }).source('/srv/work.sh')],
    ['fresh', 'source', () => shell.given({ process: 'fresh' }).source('/srv/work.sh')],
    ['of its own', 'exec', () => shell.exec('/srv/work.sh')],
  ] as const)('is told where the trap was set, in a process: %s (%s)', async (_, __, run) => {
    const message = await told(run());
    expect(message).toMatch(/^bash reported an error in the script's EXIT trap: t: unbound variable\n/);
    expect(message).toContain('The trap was set at /srv/work.sh:5 in function work');
  });

  it('is told where a trap of several lines was set', async () => {
    const message = await told(shell.source('/srv/long.sh'));
    expect(message).toMatch(/The trap was set at \/srv\/long\.sh:5 at top level/);
  });

  it.each(['fork', 'fresh'] as const)('is none in a command of the spec itself, which has no place: %s', async (process) => {
    const message = await told(shell.given({ process }).call('eval', 'set -u; echo "$nope"'));
    expect(message).toMatch(/^bash reported an error in the script: nope: unbound variable\n\n {2}\.call\('eval', .*\)\n\n {2}Mend/);
  });
});
