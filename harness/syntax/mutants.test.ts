import { readFileSync } from 'node:fs';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { mutantsOf } from './mutants.js';

const survey = readFileSync(new URL('testdata/survey.sh', import.meta.url), 'utf8');

/** The mutants of a source as `id: mutated text`. */
const all = (source: string) => mutantsOf(source, 'x.sh').map((mutant) => [mutant.id, mutant.apply()]);

describe('mutantsOf', () => {
  test('empties each function and turns each failure into success', () => {
    const source = 'f() {\n  g || return 3\n  h >&2 || exit "$rc"\n}\nf || exit $ERR_X\n';
    expect(mutantsOf(source, 'run.sh').map((mutant) => ({ ...mutant, apply: undefined, text: mutant.apply() }))).toEqual([
      { id: 'run.sh:f:empty', kind: 'empty function', function: 'f', line: 1, text: 'f() { :\n\n\n}\nf || exit $ERR_X\n' },
      { id: 'run.sh:f:return@2', kind: 'return to success', function: 'f', line: 2, text: source.replace('return 3', 'return 0') },
      { id: 'run.sh:f:exit@3', kind: 'exit to success', function: 'f', line: 3, text: source.replace('exit "$rc"', 'exit 0') },
      { id: 'run.sh:(top level):exit@5', kind: 'exit to success', function: undefined, line: 5, text: source.replace('exit $ERR_X', 'exit 0') },
    ]);
  });

  test.each([
    ['one line', 'f() { a; }', 'f() { :; }'],
    ['a subshell', 'f() (\n  a\n)', 'f() { :\n\n}'],
    ['redirections stay', 'f() { a; } >x', 'f() { :; } >x'],
    ['a comment behind the brace', 'f() { # why }\n  a\n}', 'f() { :\n\n}'],
    ['a here-document behind the brace', 'f() { cat <<A; } >x\nrm -rf /\nA\nb', 'f() { :; } >x\n\n\nb'],
    ['its own here-document stays', 'f() { cat; } <<A\ntext\nA\nb', 'f() { :; } <<A\ntext\nA\nb'],
  ])('empty: %s', (_what, source, mutated) => {
    expect(all(source)).toEqual([['x.sh:f:empty', mutated]]);
  });

  test.each([
    ['an expansion', 'exit $?', 'exit 0'],
    ['quotes', "exit '1'", 'exit 0'],
    ['a redirection', 'exit 1 2>/dev/null', 'exit 0 2>/dev/null'],
    ['a substitution over two lines', 'exit "$(f\n)"; g', 'exit 0\\\n; g'],
    ['inside a substitution', 'x=$(exit 4)', 'x=$(exit 0)'],
    ['256 is success as well, 257 is not', 'exit 256; exit 257', 'exit 256; exit 0'],
  ])('exit: %s', (_what, source, mutated) => {
    expect(all(source)).toEqual([['x.sh:(top level):exit@1', mutated]]);
  });

  test.each(['f() { :; }', 'f() {\n  true\n}', 'return; return 0; exit; exit "0"', '# exit 1\necho exit 1', 'x=`f \\`exit 1\\``'])('nothing to break in %j', (source) => {
    expect(all(source)).toEqual([]);
  });

  test('ids are unique', () => {
    const source = 'f() { a || return 1; b || return 1; }\nf() { c; }';
    expect(all(source).map(([id]) => id)).toEqual(['x.sh:f:empty', 'x.sh:f:return@1', 'x.sh:f:return@1#2', 'x.sh:f:empty#2']);
  });

  test('the innermost function has the failure', () => {
    const source = 'f() {\n  g() { return 1; }\n  return 2\n}';
    expect(all(source).map(([id]) => id)).toEqual(['x.sh:f:empty', 'x.sh:g:empty', 'x.sh:g:return@2', 'x.sh:f:return@3']);
  });

  test.each(mutantsOf(survey, 'survey.sh').map((mutant) => [mutant.id, mutant] as const))('%s is a script with the same lines elsewhere', (_id, mutant) => {
    const text = mutant.apply();
    expect(text).not.toBe(survey);
    expect(text.split('\n').length).toBe(survey.split('\n').length);
    expect(execaSync('bash', ['-O', 'extglob', '-n'], { input: text, reject: false }).stderr).toBe('');
  });
});
