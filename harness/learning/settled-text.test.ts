import { release } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostFacts } from './host-facts.js';
import { settledText } from './settled-text.js';

const NOW = Date.parse('2026-03-04T05:06:07Z');
const settled = (one: string, other = one) => String(settledText(one, other, [], [NOW]));

describe('what two runs have in common at one place', () => {
  it.each([
    ['the same text', 'it is *so*', 'it is *so*', 'it is *so*'],
    ['a number', 'pid 12.', 'pid 345.', String.raw`/^pid \d+\.$/`],
    ['a name', '/tmp/tmp.aB3dE6gH9j/x', '/tmp/tmp.zZ9yX8wV7u/x', String.raw`/^\/tmp\/tmp\.[A-Za-z0-9]+\/x$/`],
    ['lines', 'a 1\nb\n', 'a 2\nb\n', String.raw`/^a \d+\nb\n$/`],
    ['nothing', 'one', 'one two', 'undefined'],
    ['another sign', 'a-b', 'a_b', 'undefined'],
  ])('%s', (_what, one, other, expected) => {
    expect(settled(one, other)).toBe(expected);
  });

  it.each([
    ['2026-03-04', String.raw`/^\d+-\d+-\d+$/`],
    ['at 2026-03-04T05:06:07.25Z', String.raw`/^at \d+-\d+-\d+T\d+:\d+:\d+\.\d+Z$/`],
    ['backup-20260304.tar', String.raw`/^backup-\d+\.tar$/`],
    ['20260304T050607Z', String.raw`/^\d+T\d+Z$/`],
    ['Wed Mar  4 05:06:07 UTC 2026', String.raw`/^[A-Z][a-z]+ +[A-Z][a-z]+ +\d+ \d+:\d+:\d+ +UTC +\d+$/`],
    ['Mar 04 05:05', String.raw`/^[A-Z][a-z]+ +\d+ \d+:\d+$/`],
    ['1772600767', String.raw`/^\d+$/`],
    ['1772600767123', String.raw`/^\d+$/`],
  ])('the time of day, which only tomorrow would show: %s', (text, expected) => {
    expect(settled(text)).toBe(expected);
    expect(text).toMatch(settledText(text, text, [], [NOW]) ?? '');
  });

  it('the kernel of this machine, which only another would show', () => {
    const pattern = settledText(`/lib/modules/${release()}/kernel`, `/lib/modules/${release()}/kernel`, hostFacts({ files: [], tools: [], formats: [], asksVersions: false, asksMachine: false }));
    expect(String(pattern)).toBe(String.raw`/^\/lib\/modules\/[\w.+-]+\/kernel$/`);
    expect('/lib/modules/6.1.0-17-amd64/kernel').toMatch(pattern ?? '');
  });

  it.each(['2025-03-04', '12:34:56', '20250304', '1672600767', 'Wed Mar 14', 'Mar 40', 'version 2026.3'])('another time stays: %s', (text) => {
    expect(settled(text)).toBe(text);
  });
});
