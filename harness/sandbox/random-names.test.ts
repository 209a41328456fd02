import { describe, expect, it } from 'vitest';
import { defineShell } from 'shellrig';

const shell = defineShell({});
const output = async (text: string) => (await shell.call('bash', '-c', text)).output;

describe('names that mktemp makes', () => {
  it('are the same in every run', async () => {
    const text = 'mktemp; mktemp -d; mktemp; mktemp /tmp/.agent.XXXXXX; mktemp -d --suffix=.conf agentXXXX --tmpdir; mktemp -p /tmp quitXXX.x; mktemp -p /var/tmp -t q.XXX';
    const names = await output(text);
    expect(names).toMatch(/^\/tmp\/tmp\.\w{10}\n\/tmp\/tmp\.\w{10}\n\/tmp\/tmp\.\w{10}\n\/tmp\/\.agent\.\w{6}\n\/tmp\/agent\w{4}\.conf\n\/tmp\/quit\w{3}\.x\n\/var\/tmp\/q\.\w{3}\n$/);
    expect(new Set(names.split('\n')).size).toBe(8);
    expect(await output(text)).toBe(names);
  });

  it('are those of the files', async () => {
    const run = await shell.call('bash', '-c', 'echo file >"$(mktemp /tmp/.XXXXXXXX)"; touch "$(mktemp -d)/x"');
    expect(run.record.changes.size).toBe(3);
  });

  it('are never the same twice, beside each other, and where none is made', async () => {
    expect(await output('for i in {1..40}; do mktemp & done | sort | uniq -c | grep -vc "^ *1 "; :')).toBe('0\n');
    expect(await output('[[ $(mktemp -u) != "$(mktemp -u)" && $(mktemp -du) != "$(mktemp --dry-run)" ]] && echo differ')).toBe('differ\n');
  });
});
