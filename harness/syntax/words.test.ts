import type { Command } from 'unbash';
import { expect, test } from 'vitest';
import { parseScript, walk } from './parse.js';
import { literalOf, scriptInString, wordsOf } from './words.js';

function firstCommand(source: string): Command {
  const commands: Command[] = [];
  walk(parseScript(source), (node) => {
    if (node.type === 'Command') commands.push(node);
    return undefined;
  });
  const [command] = commands;
  if (command === undefined) throw new Error(`no command in ${source}`);
  return command;
}

test.each([
  ['plain', 'plain'],
  ['\'a b\'"c"\\d', 'a bcd'],
  ["$'a\\tb'", 'a\tb'],
  ['"$x"', undefined],
  ['a${x}', undefined],
  ['"a$(b)"', undefined],
  ['a*', undefined],
])('the literal of %s', (word, literal) => {
  const { name } = firstCommand(word);
  expect(name && literalOf(name)).toBe(literal);
});

test('the words of a command have no quotes, and no redirections or variables before it', () => {
  expect(wordsOf(firstCommand('x=1 export "y"=2 >z \'a b\' "$c"'))).toEqual(['export', 'y=2', 'a b', '$c']);
});

test.each([
  ["trap 'a b' EXIT", 'a b'],
  ["trap -- 'a' EXIT", 'a'],
  ['trap - EXIT', undefined],
  ['trap -p', undefined],
  ["eval a 'b c'", 'a b c'],
  ["echo 'a'", undefined],
])('the script in %s', (source, script) => {
  expect(scriptInString(firstCommand(source))).toBe(script);
});
