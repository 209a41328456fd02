import { describe, expect, test } from 'vitest';
import { callsOf, mentionsOf } from './calls.js';

describe('callsOf', () => {
  test.each<[what: string, source: string, ...calls: string[]]>([
    ['lists and pipelines', 'a 1; b && c || ! d | e & f', 'a', 'b', 'c', 'd', 'e', 'f'],
    ['compound commands', 'if a; then b; elif c; then d; else e; fi; while f; do g; done; case x in y) h ;; esac', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
    ['subshells and groups', '( a; { b; } )', 'a', 'b'],
    ['substitutions', 'x=$(a "$(b `c`)") y=<(d) <<<"$(e)"', 'a', 'b', 'c', 'd', 'e'],
    ['backquotes in backquotes', 'a `b \\`c\\``', 'a', 'b', 'c'],
    ['here-documents', 'a <<E\n$(b)\nE\nc <<\'E\'\n$(not)\nE', 'a', 'b', 'c'],
    ['arithmetic and tests', '(( x = $(a) )); [[ $(b) == c ]]', 'a', 'b'],
    ['quoted and escaped names', '"a"; \'b\'; \\c; d"e"', 'a', 'b', 'c', 'de'],
    ['names that are not literal', '$x; "${y}z"; a*'],
    ['assignments without a command', 'x=a'],
    ['variables before a command', 'x=1 a', 'a'],
    ['the body of a function', 'f() { a; }', 'a'],
    ['trap and eval', "trap 'a; b' EXIT; trap - INT; eval 'c x' \"&& d\"", 'trap', 'eval', 'a', 'b', 'c', 'd'],
    ['comments and single quotes', "# a\nb '$(c)'", 'b'],
  ])('%s', (_what, source, ...calls) => {
    expect([...callsOf(source)].toSorted()).toEqual(calls.toSorted());
  });
});

describe('mentionsOf', () => {
  test('also arguments, array elements and values, by their first part', () => {
    const mentions = mentionsOf('retry 3 a x; list=(b "c d"); step="e $f"; trap g EXIT; eval \'h i\'');
    expect([...mentions]).toEqual(expect.arrayContaining(['retry', 'a', 'b', 'c', 'e', 'g', 'h', 'i']));
    expect(mentions.has('d')).toBe(false);
  });
});
