import { expect, test } from 'vitest';
import { parseScript, walk } from './parse.js';

test('walks outermost first, in source order, and leaves out what is refused', () => {
  const seen: string[] = [];
  walk(parseScript('a "$(b)"; c $(d)'), (node, offset) => {
    if (node.type === 'Command') seen.push(`${node.name?.value} ${offset}`);
    return node.type !== 'CommandExpansion' || offset > 10;
  });
  expect(seen).toEqual(['a 0', 'c 10', 'd 14']);
});

test('inside backquotes with escapes a node lies where the substitution does', () => {
  const seen: string[] = [];
  walk(parseScript('x; a `b \\`c\\`` $(d)'), (node, offset, exact) => {
    if (node.type === 'Command') seen.push(`${node.name?.value} ${offset} ${exact ? 'exact' : 'near'}`);
    return undefined;
  });
  expect(seen).toEqual(['x 0 exact', 'a 3 exact', 'b 5 near', 'c 5 near', 'd 17 exact']);
});

test('one source is parsed once', () => {
  expect(parseScript('echo once')).toBe(parseScript('echo once'));
});
