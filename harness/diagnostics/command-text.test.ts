import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandText, quoted, repeatText, shellWord, shellWords, shortened } from './command-text.js';

const hostPaths = new Map([['/opt/scripts/a.sh', join(process.cwd(), 'artifacts/node/a.sh')]]);

describe('commandText', () => {
  it('is what the spec wrote', () => {
    expect(commandText({ verb: 'call', command: ['f', "it's", 'a\nb'], hostPaths })).toBe(String.raw`.call('f', 'it\'s', 'a\nb')`);
  });

  it('names scripts relative to the working directory, given as host or sandbox path', () => {
    expect(commandText({ verb: 'exec', command: [join(process.cwd(), 'artifacts/node/a.sh'), '1'], hostPaths })).toBe(".exec('artifacts/node/a.sh', '1')");
    expect(commandText({ verb: 'source', command: ['/opt/scripts/a.sh'], hostPaths })).toBe(".source('artifacts/node/a.sh')");
    expect(commandText({ verb: 'defineShell', command: ['/opt/scripts/a.sh'], hostPaths })).toBe("defineShell({ source: ['artifacts/node/a.sh'] })");
  });

  it('cuts what nobody can read', () => {
    expect(commandText({ verb: 'call', command: ['f', 'x'.repeat(1000)], hostPaths })).toBe(`.call('f', '${'x'.repeat(200)}… (1000 characters)')`);
  });
});

describe('repeatText', () => {
  const repeated = (name: string): string => repeatText({ name, file: join(process.cwd(), 'specs/a b.spec.ts') });

  it('is a command that a shell splits as meant', () => {
    const line = repeated("outer isn't $1.00 (once)");
    expect(line).toBe(String.raw`npx shellrig test 'specs/a b.spec.ts' -t 'outer isn'\''t \$1\.00 \(once\)$' --trace`);
    const words = execFileSync('bash', ['-c', `printf '%s\\n' ${line.replace(/^npx /, '')}`], { encoding: 'utf8' }).trimEnd().split('\n');
    expect(words).toEqual(['shellrig', 'test', 'specs/a b.spec.ts', '-t', String.raw`outer isn't \$1\.00 \(once\)$`, '--trace']);
  });

  it('matches this example and none whose name only begins like it', () => {
    const pattern = new RegExp(/-t '(.*)' --trace/.exec(repeated('a (b) > c [d] *'))![1]!);
    expect(pattern.test('a (b) > c [d] *')).toBe(true);
    expect(pattern.test('a (b) > c [d] * twice')).toBe(false);
  });
});

describe('shellWords', () => {
  it('shows argument boundaries, as bash would read them', () => {
    const words = ['plain', '', 'two words', "it's", 'a\nb\t\x1b', '$HOME', 'ä', '-o', "quote ' and\nline"];
    expect(shellWords(words.slice(0, 4))).toBe(String.raw`plain '' 'two words' 'it'\''s'`);
    const back = execFileSync('bash', ['-c', `printf '%s\\0' ${shellWords(words)}`], { encoding: 'utf8' });
    expect(back.split('\0').slice(0, -1)).toEqual(words);
    expect(shellWord('$x')).toBe("'$x'");
  });
});

describe('quoted and shortened', () => {
  it('write a string as TypeScript does, and say how much was cut', () => {
    expect(quoted("a'b\\c\u0007")).toBe(String.raw`'a\'b\\c\x07'`);
    expect(shortened('abcdef', 3)).toBe('abc… (6 characters)');
    expect(shortened('abc', 3)).toBe('abc');
  });
});
