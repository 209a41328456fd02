import { describe, expect, it } from 'vitest';
import { directory } from 'shellrig';
import { noSecrets } from 'shellrig/invariants';
import { messageOf } from '../matchers/record.fixture.js';
import { saidOf, shell } from './testdata/leaves.js';

describe('noSecrets', () => {
  const API_TOKEN = 'hush-1234';
  const given = shell.given({ env: { API_TOKEN } });

  it('holds where no secret shows', async () => {
    for (const run of [await given.call('hides'), await given.call('fetches_by_input'), await given.call('stores', '/etc/token', '077'), await shell.given({ env: { API_TOKEN }, files: { '/root/closed/': directory({ mode: 0o700 }) } }).call('stores', '/root/closed/token', '022')]) {
      expect(run).toSucceed();
      expect(run).toHold(noSecrets());
    }
  });

  const ways: [way: string, args: string[], told: string | RegExp][] = [
    ['traces', [], "API_TOKEN shows on stderr: + : ***"],
    ['says', [], 'API_TOKEN shows on stdout: connecting with ***'],
    ['fetches', [], "API_TOKEN is an argument of curl -H 'Authorization: Bearer ***' https://example.com   at harness/invariants/testdata/leaves.sh:60 in function fetches"],
    ['stores', ['/etc/token', '022'], 'API_TOKEN lies in /etc/token, which everyone may read (mode 0644)'],
    ['tells', [], 'API_TOKEN shows in the event /var/log/events/1.json'],
  ];
  it.each(ways)('%s', async (way, args, told) => {
    const run = await given.call(way, ...args);

    expect(run).toSucceed();
    expect(saidOf(run, noSecrets()).split('\n')[0]).toBe(`expect(run).toHold(…): noSecrets(): ${String(told)}`);
  });

  it('tells all places', async () => {
    const run = await given.call('says', 'and id AKIA0123456789');

    expect(messageOf(() => expect(run).toHold(noSecrets({ values: [/AKIA\d+/] })))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): noSecrets({ values }): secrets show in 2 places

        API_TOKEN shows on stdout: connecting with *** and id ***
        /AKIA\\d+/ shows on stdout: connecting with *** and id ***

        Hand a secret on by standard input, by the environment or in a file of mode 0600; switch \`set -x\` off where it is used (\`{ set +x; } 2>/dev/null\`).

      .call('says', 'and id AKIA0123456789') ended with exit code 0

      it ended at harness/invariants/testdata/leaves.sh:59 in function says

          56|   set -x
          57|   : "$API_TOKEN"
          58| }
        > 59| says() { echo "connecting with $API_TOKEN" "\${@}"; }
          60| fetches() { curl -H "Authorization: Bearer $API_TOKEN" https://example.com; }
          61| fetches_by_input() { curl -H @- https://example.com <<<"Authorization: Bearer $API_TOKEN"; }
          62| stores() {

      stdout:
        connecting with hush-1234 and id AKIA0123456789

      changes: none

      again, with all it executes:
        npx shellrig test harness/invariants/no-secrets.test.ts -t 'noSecrets tells all places$' --trace"
    `);
  });

  it('looks for what it is told to, where it is told to', async () => {
    const run = await given.call('says', 'x');

    expect(run).toHold(noSecrets({ in: ['stderr', 'calls'] }), noSecrets({ named: /^PIN$/ }), noSecrets({ named: /^PIN$/, values: ['hush-9'] }));
    expect(run).not.toHold(noSecrets({ named: /^PIN$/, values: ['hush-1'] }));
    expect(run).not.toHold(noSecrets({ values: [/hush-\d/] }));
    expect(await given.call('stores', '/etc/token', '022')).toHold(noSecrets({ except: ['/etc/token'] }));
    // Variables of the shell and of a run, items of an array; a short value shows by chance.
    expect(await shell.with({ env: { DB_PASSWORD: 'wwww' } }).call('ends_with', '0')).toHold(noSecrets());
    const listed = await shell.given({ vars: { API_KEY: ['abc', 'hush-1234'], API_TOKEN: 'hush-1234', PIN_KEY: 'w' } }).call('says', 'w');
    expect(saidOf(listed, noSecrets())).toContain('API_KEY shows on stdout');
    expect(saidOf(listed, noSecrets())).not.toContain('PIN_KEY');
  });
});
