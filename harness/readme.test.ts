import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runInline } from './vitest/inline-project.js';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The first block of a language in the README. */
function block(language: string): string {
  const text = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(readme)?.[1];
  if (text === undefined) throw new Error(`README.md has no block of ${language}`);
  return text;
}

const NAME = 'agent.spec.ts > install_agent > installs the agent that the image carries, and clears the cache';

describe('the example of the README', () => {
  it('fails as printed', async () => {
    const { failures, exitCode } = await runInline({ 'agent.sh': block('bash'), 'agent.spec.ts': block('ts') });
    expect(exitCode).toBe(1);
    expect([...failures.keys()]).toEqual([NAME]);
    const [heading, ...printed] = block('text').trimEnd().split('\n');
    expect(heading).toBe(` FAIL  ${NAME}`);
    expect(failures.get(NAME)).toContain(printed.join('\n'));
  });

  it('passes once the defect is mended', async () => {
    const mended = block('bash').replace('"/opt/agent/cache/agent-*"', '/opt/agent/cache/agent-*');
    expect(mended).not.toBe(block('bash'));
    const { exitCode } = await runInline({ 'agent.sh': mended, 'agent.spec.ts': block('ts') });
    expect(exitCode).toBe(0);
  });
});
