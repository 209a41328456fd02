import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCEPTED, LEFT_OUT, OBEYED } from './directives.js';

const document = readFileSync(new URL('../../docs/systemd.md', import.meta.url), 'utf8');

describe('directives', () => {
  it.each([['taken without effect', ACCEPTED], ['refused', LEFT_OUT]] as const)('docs/systemd.md lists those that are %s', (heading, sections) => {
    const listed = document.split(`## Directives ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
    const lines = Object.entries(sections).filter(([, names]) => names.size > 0).map(([section, names]) => `- \`[${section}]\`: ${[...names].sort().map((name) => `\`${name}=\``).join(', ')}.`);
    expect(listed.split('\n').filter((line) => line.startsWith('- '))).toEqual(lines);
  });

  it('are in one list each', () => {
    for (const section of Object.keys(OBEYED)) {
      const all = [OBEYED, ACCEPTED, LEFT_OUT].flatMap((sections) => [...(sections[section] ?? [])]);
      expect(new Set(all).size).toBe(all.length);
    }
  });
});
