import { describe, expect, it } from 'vitest';
import { parseOptions, type OptionSpec } from './options.js';

const SPECS: readonly OptionSpec[] = [
  { name: 'name', short: 'n', value: 'NAME', help: '' },
  { name: 'set', value: 'A=B', repeats: true, help: '' },
  { name: 'loud', help: '' },
];
const parse = (...args: string[]) => parseOptions('do', SPECS, args);

describe('parseOptions', () => {
  it('tells words and options apart, in any order', () => {
    const options = parse('one', '--loud', '-n', 'x', '--set=a=1', 'two', '--set', 'b=2', '--', '--three');
    expect(options.words).toEqual(['one', 'two', '--three']);
    expect([options.has('loud'), options.has('name'), options.has('set')]).toEqual([true, true, true]);
    expect(options.value('name')).toBe('x');
    expect(options.values('set')).toEqual(['a=1', 'b=2']);
  });

  it('tells what was not given', () => {
    const options = parse();
    expect([options.words, options.has('loud'), options.value('name'), options.values('set')]).toEqual([[], false, undefined, []]);
  });

  it('takes a value that begins with a dash when it is plain that it is one', () => {
    expect(parse('--name=-x').value('name')).toBe('-x');
    expect(() => parse('--name', '-x')).toThrow('do: --name needs a value: --name NAME');
  });

  it.each([
    [['--nmae', 'x'], "do: there is no option '--nmae'. Did you mean '--name'?"],
    [['--quite-another'], "do: there is no option '--quite-another'. `shellrig do --help` lists them"],
    [['--name'], 'do: --name needs a value: --name NAME'],
    [['-n'], 'do: -n needs a value: -n NAME'],
    [['--loud=yes'], "do: --loud takes no value, got 'yes'"],
    [['--name', 'a', '-n', 'b'], 'do: -n is given twice'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(message);
  });
});
