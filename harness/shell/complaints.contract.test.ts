import { writeFileSync } from 'node:fs';
import { defineShell, exits } from 'shellrig';
import { dirSync } from 'tmp-promise';
import { describe, expect, it, onTestFinished } from 'vitest';

/** What bash complains of when it executes a line, and goes on. */
const FAULTS: readonly (readonly [line: string, complaint: string])[] = [
  ['readonly Q=1; Q=2', 'Q: readonly variable'],
  ['echo ${x!}', '${x!}: bad substitution'],
  ['declare -A m; m[]=1', 'm[]: bad array subscript'],
  ['for 1x in a; do :; done', "`1x': not a valid identifier"],
  ['set -u; ( echo "$NOPE" )', 'NOPE: unbound variable'],
  ['[ 1 -eq x ]', '[: x: integer expression expected'],
  ['[ a = b', "[: missing `]'"],
  ['local x=1', 'local: can only be used in a function'],
  ['declare -a a; declare -A a', 'declare: a: cannot convert indexed to associative array'],
];

/** What bash cannot read, and so neither the rest of the script. */
const UNREADABLE: readonly (readonly [line: string, complaint: string])[] = [
  ['bad() { [[ a == ]] ; }', "unexpected argument `]]' to conditional binary operator"],
  ['bad() { [[ -f ]] ; }', "unexpected argument `]]' to conditional unary operator"],
  ['bad() { [[ a b ]] ; }', 'conditional binary operator expected'],
  ['[[ ( a ]]', "unexpected token `]]', expected `)'"],
  ['[[ a =~ ( ]]', "unexpected EOF while looking for matching `)'"],
  ['x="abc', 'unexpected EOF while looking for matching `"\''],
  ['case x in a) ;; b', "syntax error near unexpected token `newline'"],
];

/** An error of bash shows in no exit code where the script goes on, whatever way it is run. */
describe('an error of bash', () => {
  it.each(FAULTS)('is told while sourcing, running and being sourced: %s', async (line, complaint) => {
    const script = scriptWith(line);
    const error = { code: 'shell-error', message: expect.stringContaining(complaint) };
    await expect(defineShell({ source: [script], stubs: { mytool: exits(0) } }).call('good')).rejects.toMatchObject(error);
    await expect(defineShell({ stubs: { mytool: exits(0) } }).exec(script)).rejects.toMatchObject(error);
    await expect(defineShell({ stubs: { mytool: exits(0) } }).source(script)).rejects.toMatchObject(error);
  });

  it('is allowed while sourcing where the shell allows it', async () => {
    const run = await defineShell({ source: [scriptWith('readonly Q=1; Q=2')], stubs: { mytool: exits(0) }, allow: { shellErrors: ['Q: readonly variable'] } }).call('good');
    expect(run).toSucceed();
  });

  it.each(UNREADABLE)('is told of what cannot be read: %s', async (line, complaint) => {
    const script = scriptWith(line);
    await expect(defineShell({ source: [script], stubs: { mytool: exits(0) } }).call('good')).rejects.toMatchObject({ code: 'source-failed', message: expect.stringMatching(/cannot read a script[^]*:3 at top level/) });
    const error = { code: 'shell-error', message: expect.stringContaining(complaint) };
    await expect(defineShell({ stubs: { mytool: exits(0) } }).exec(script)).rejects.toMatchObject(error);
    await expect(defineShell({ stubs: { mytool: exits(0) } }).source(script)).rejects.toMatchObject(error);
  });
});

/** A script in which two functions stand around a line. */
function scriptWith(line: string): string {
  const folder = dirSync({ unsafeCleanup: true });
  onTestFinished(() => folder.removeCallback());
  writeFileSync(`${folder.name}/x.sh`, `#!/bin/bash\ngood() { mytool one; }\n${line}\nlater() { mytool two; }\n`);
  return `${folder.name}/x.sh`;
}
