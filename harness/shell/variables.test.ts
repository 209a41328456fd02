import { defineShell } from 'shellrig';
import { describe, expect, it } from 'vitest';
import { variableFrom, variableNames } from './variables.js';

describe('variableFrom', () => {
  it('reads scalars, arrays and maps in bash\'s own quoting', () => {
    const text = [
      'declare -- plain="a \\"b\\" \\$c \\`d\\` \\\\"', "declare -- lines=$'a\\n\\'b\\'\\t\\303\\274\\E'", 'declare -x exported', 'declare -ir number="5"',
      'declare -a list=([0]="a" [1]="b c" [2]="" [7]=$\'x\\ny\')', 'declare -a none=()', 'declare -A map=(["a key"]="v" [plain]="w)" ["q\\"]"]="=" )', 'declare -A empty=()', 'declare -n ref="list"', 'declare -a bare',
    ].join('\n');
    const read = (name: string) => variableFrom(text, name);
    expect(read('plain')).toBe('a "b" $c `d` \\');
    expect(read('lines')).toBe("a\n'b'\tü\x1b");
    expect(read('exported')).toBeUndefined();
    expect(read('number')).toBe('5');
    expect(read('list')).toEqual(['a', 'b c', '', 'x\ny']);
    expect(read('none')).toEqual([]);
    expect(read('map')).toEqual({ 'a key': 'v', plain: 'w)', 'q"]': '=' });
    expect(read('empty')).toEqual({});
    expect(read('ref')).toEqual(['a', 'b c', '', 'x\ny']);
    expect(read('bare')).toBeUndefined();
    expect(read('pla.n')).toBeUndefined();
    expect(variableNames(text)).toEqual(['plain', 'lines', 'number', 'list', 'none', 'map', 'empty', 'ref']);
  });

  it('is not taken in by a value that looks like a declaration', () => {
    expect(variableFrom('declare -- a="\ndeclare -- b=\\"no\\"\n"\ndeclare -- b="yes"\n', 'b')).toBe('yes');
  });
});

describe('run.variable', () => {
  const shell = defineShell();

  it('reads what the call left, whatever it holds', async () => {
    const run = await shell.call('eval', String.raw`
      text=$'declare -- other="no"\n'; other='yes'; list=(a 'b c' '' $'x\ny' '[0]="z"'); list[9]=far
      declare -A map=([a b]=c ['"']='$' [']']=')'); declare -n ref=list; number=5; declare -i number; export number; unset gone`);
    expect(run).toSucceed();
    expect(run.variable('other')).toBe('yes');
    expect(run.variable('list')).toEqual(['a', 'b c', '', 'x\ny', '[0]="z"', 'far']);
    expect(run.variable('map')).toEqual({ 'a b': 'c', '"': '$', ']': ')' });
    expect(run.variable('ref')).toEqual(run.variable('list'));
    expect(run.variable('number')).toBe('5');
    expect(run.variable('gone')).toBeUndefined();
  });

  it('reads what an exit left, with a trap of the script\'s own too, and what comes last', async () => {
    const exited = await shell.call('eval', 'leave() { local inner=1; outer=2; exit 3; }; leave');
    expect(exited).toExit(3);
    expect([exited.variable('inner'), exited.variable('outer')]).toEqual(['1', '2']);
    const trapped = await shell.call('eval', 'trap "echo bye" EXIT; value=1; (value=2; exit); value=3; exit 4');
    expect(trapped).toExit(4);
    expect(trapped.stdout).toBe('bye\n');
    expect(trapped.variable('value')).toBe('3');
    const piped = await shell.call('eval', 'value=1; true | exit; value=2');
    expect(piped).toSucceed();
    expect(piped.variable('value')).toBe('2');
  });

  it('says so where the shell kept nothing', async () => {
    for (const command of ['set -e; value=1; false', 'value=1; exec true', 'value=1; kill -9 $BASHPID']) {
      const run = await shell.call('eval', command);
      expect(run.exitCode).toBeGreaterThanOrEqual(0);
      expect(() => run.variable('value')).toThrow(/keeps nothing/);
    }
  });
});
