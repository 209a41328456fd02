import { expect, test } from 'vitest';
import { functionsOf } from './functions.js';
import { reachableFrom } from './reachable.js';

const functions = functionsOf(`
  a() { b; }
  b() { retry 3 c --flag; a; }
  c() { trap 'on_exit' EXIT; }
  on_exit() { :; }
  retry() { "$@"; }
  other() { c; }
  twice() { :; }
  twice() { other; }
`);

test.each<[entry: string | string[], ...names: string[]]>([
  ['a', 'a', 'b', 'retry', 'c', 'on_exit'],
  ['on_exit', 'on_exit'],
  ['twice', 'twice', 'other', 'c', 'on_exit'],
  [['retry', '5', 'on_exit'], 'retry', 'on_exit'],
  ['unknown'],
])('from %j', (entry, ...names) => {
  expect([...reachableFrom(entry, functions)].toSorted()).toEqual(names.toSorted());
});
