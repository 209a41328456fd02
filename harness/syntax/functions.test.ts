import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';
import { describe, expect, test } from 'vitest';
import { functionsOf } from './functions.js';

const surveyPath = fileURLToPath(new URL('testdata/survey.sh', import.meta.url));
const survey = readFileSync(surveyPath, 'utf8');

/** The functions of testdata/survey.sh as `name first-last`. */
const expected = [
  'one_line 6-6',
  'with_keyword 8-10',
  'with_both 12-18',
  'brace_in_words 20-23',
  'heredoc_in_substitution 25-33',
  'heredoc_behind_the_brace 35-37',
  'redirected 39-41',
  'in_a_subshell 43-45',
  'arithmetic 47-49',
  'patterns 51-53',
  'loop 55-59',
  'cases 61-70',
  'arrays 72-79',
  'nested 81-90',
  'inner 82-84',
  'in_subshell 86-86',
  'conditional 93-93',
  'conditional 95-98',
  'comments 101-103',
  'backquotes 105-107',
  'dash-and.dot:colon 109-109',
];

describe('functionsOf', () => {
  test('finds every function with its first and last line', () => {
    expect(functionsOf(survey).map(({ name, line, endLine }) => `${name} ${line}-${endLine}`)).toEqual(expected);
  });

  test('agrees with bash on the names and lines of what the script defines', () => {
    const { stdout } = execaSync('bash', ['--norc', '-c', 'shopt -s extdebug; . "$1"; compgen -A function | while read -r f; do declare -F "$f"; done', 'bash', surveyPath]);
    const ours = functionsOf(survey).map(({ name, line }) => `${name} ${line} ${surveyPath}`);
    // bash gives a function that defines another the line of that one.
    const seen = stdout.split('\n').filter((line) => !line.startsWith('nested '));
    expect(seen.length).toBeGreaterThan(15);
    expect(ours).toEqual(expect.arrayContaining(seen));
  });

  test.each(functionsOf(survey).map((definition) => [`${definition.name} ${definition.line}`, definition] as const))(
    'the text of %s defines it and nothing else',
    (_title, definition) => {
      const before = 'shopt -s extglob; eval "$1"; compgen -A function';
      const { stdout, stderr } = execaSync('bash', ['--norc', '-c', before, 'bash', definition.text]);
      expect([stdout, stderr]).toEqual([definition.name, '']);
    },
  );

  test('the body is the compound command, without redirections of the whole function', () => {
    const bodies = functionsOf('f() { a; } >x <<E\ntext\nE\nfunction g (\n  b\n)').map(({ bodyStart, bodyEnd, text, endLine }) => ({ bodyStart, bodyEnd, text, endLine }));
    expect(bodies).toEqual([
      { bodyStart: 4, bodyEnd: 10, text: 'f() { a; } >x <<E\ntext\nE', endLine: 3 },
      { bodyStart: 36, bodyEnd: 43, text: 'function g (\n  b\n)', endLine: 6 },
    ]);
  });

  test('offsets count as String.slice does', () => {
    const source = 'echo "é😀"; f() { :; }';
    const [definition] = functionsOf(source);
    expect(source.slice(definition?.bodyStart, definition?.bodyEnd)).toBe('{ :; }');
  });

  test('a script that breaks off still gives the functions before that', () => {
    expect(functionsOf('f() { :; }\nif true; then').map(({ name }) => name)).toEqual(['f']);
  });

  test('what $(...) defines is not the script’s', () => {
    expect(functionsOf('x=$(f() { :; }; f)')).toEqual([]);
  });
});
