import { describe, expect, it } from 'vitest';
import { directoryEntry, fileEntry, messageOf } from '../matchers/record.fixture.js';
import type { Entry } from '../tree/entry.js';
import { eventsFrom } from './events.js';

const tree = new Map<string, Entry>([
  ['/var/log/events/2.json', fileEntry('{"n":2}')],
  ['/var/log/events/10.json', fileEntry('{"n":10}')],
  ['/var/log/events/1.json', fileEntry('{"n":1}')],
  ['/var/log/events/.hidden.json', fileEntry('{"n":0}')],
  ['/var/log/events/deep', directoryEntry()],
  ['/var/log/events/deep/3.json', fileEntry('{"n":3}')],
  ['/var/log/events/folder.json', directoryEntry()],
  ['/var/log/other.txt', fileEntry('not json')],
]);
const numbers = (pattern: string): unknown[] => eventsFrom(pattern).read(tree).map((event) => (event.value as { n: number }).n);

describe('eventsFrom', () => {
  it.each([
    ['/var/log/events/*.json', [0, 1, 10, 2]],
    ['/var/log/events/**/*.json', [0, 1, 10, 2, 3]],
    ['/var/log/events/?.json', [1, 2]],
    ['/var/log/events/{1,10}.json', [1, 10]],
    ['/var/log/events/1.json', [1]],
    ['/nowhere/*', []],
  ])('%s reads files in the order of their paths', (pattern, expected) => {
    expect(numbers(pattern)).toEqual(expected);
  });

  it('keeps the file of each event, and parses as told', () => {
    const source = eventsFrom('/var/log/*.txt', (text) => text.split(' '));
    expect(source.pattern).toBe('/var/log/*.txt');
    expect(source.read(tree)).toEqual([{ path: '/var/log/other.txt', value: ['not', 'json'] }]);
  });

  it('names the file that cannot be read, and its text', () => {
    expect(messageOf(() => eventsFrom('/var/log/*.txt').read(tree))).toMatchInlineSnapshot(`
      "The event file /var/log/other.txt cannot be read: Unexpected token 'o', "not json" is not valid JSON

        It matches /var/log/*.txt and holds 8 B:
        "not json"

        If the scripts write it so, they are at fault. If it is no event, narrow the pattern of eventsFrom()."
    `);
    expect(messageOf(() => eventsFrom('/e/*').read(new Map([['/e/x', fileEntry('')]])))).toContain('matches /e/* and holds 0 B.');
    expect(messageOf(() => eventsFrom('/e/*').read(new Map([['/e/x', fileEntry(Buffer.from([0x22, 0xff, 0x22]))]])))).toContain('it is not UTF-8 text');
  });

  it('takes absolute globs only', () => {
    expect(() => eventsFrom('events/*.json')).toThrow("eventsFrom() takes an absolute glob, such as '/var/log/events/*.json'; received 'events/*.json'.");
  });
});
