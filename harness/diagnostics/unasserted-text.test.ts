import { expect, it } from 'vitest';
import { call, fabricatedRun, fileEntry } from '../matchers/record.fixture.js';
import { unassertedEffects as unassertedIn } from '../shell/unasserted.js';
import { unassertedEffects } from './unasserted-text.js';

it('unasserted-effects: what, where it was called, and what to say', () => {
  const [calls, before, after] = [[call(['curl', '-o', '/opt/a b', 'http://x']), call(['sleep', '1']), call(['sleep', '1'])], { '/opt/old': fileEntry('') }, { '/opt/new': fileEntry('a\n') }];
  const run = fabricatedRun({ calls, before, after: { ...after, '/events/1.json': fileEntry('{}') }, stderr: 'fine\nmv: no\n', events: [{ path: '/events/1.json', value: { task: 'install' } }] });
  const error = unassertedEffects(run.record, unassertedIn(run, { stderr: ['fine'] })!);
  expect(error.code).toBe('unasserted-effects');
  expect(error.message).toMatchInlineSnapshot(`
    "A run did 7 things that no expectation covers.

      .call('installTool', 'toolctl', '1.34.0')

      calls
        curl -o '/opt/a b' http://x   at harness/matchers/install.fixture.sh:15 in function fetchTool
        sleep 1   at harness/matchers/install.fixture.sh:15 in function fetchTool   2 times
      changes
        + /opt/new 2 B
        - /opt/old
      events
        { task: "install" }
      stderr
        line 2: mv: no

      at harness/matchers/install.fixture.sh:15 in function fetchTool

          12| }
          13|
          14| fetchTool() {
        > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
          16|   chmod 755 "/opt/bin/\${1}"
          17| }

      called from harness/matchers/install.fixture.sh:11 in function installTool

      Say what was meant:
        expect(run).toHaveCalled('curl', '-o', '/opt/a b', 'http://x')
        expect(run).toHaveChangedOnly({ '/opt/new': …, … })
        expect(run).toEmit({ … })
        expect(run).toPrint('mv: no', { on: 'stderr' })

      Or that it does not matter, in given() or defineShell():
        allow: { unasserted: { calls: ['curl'], changes: ['/opt/new'], stderr: ['mv: no'] } }

      Again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
  `);
});

it('unasserted-effects: a result that nobody read', () => {
  const run = fabricatedRun({ stdout: '1.34.0\n' });
  expect(unassertedEffects(run.record, unassertedIn(run, undefined)!).message).toMatchInlineSnapshot(`
    "A run did something that no expectation covers.

      .call('installTool', 'toolctl', '1.34.0')

      stdout, and the run did nothing else
        1.34.0

      Say what was meant:
        expect(run.stdout).toBe(…)

      Or that it does not matter, in given() or defineShell():
        allow: { unasserted: { stdout: true } }

      Again, with all it executes:
        npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
  `);
});

it('unasserted-effects: more than anybody reads', () => {
  const after = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`/opt/${index}`, fileEntry('')]));
  const run = fabricatedRun({ before: {}, after, stderr: 'x\n'.repeat(30), calls: Array.from({ length: 30 }, (_, index) => call(['curl', String(index)])) });
  expect(unassertedEffects(run.record, unassertedIn(run, undefined)!).message.match(/… \d.*/g)).toEqual(['… 18 more', '… 18 more changes', '… 18 more']);
});

it('unasserted-effects: a mode and an owner that nobody named, of files whose text was expected', () => {
  const run = fabricatedRun({ before: { '/etc/a': fileEntry('old\n') }, after: { '/etc/a': fileEntry('new\n', 0o4777), '/etc/b': fileEntry('b\n', 0o644, '1:1') } });
  for (const path of ['/etc/a', '/etc/b'] as const) run.looked.add(`content ${path}`);
  const { message } = unassertedEffects(run.record, unassertedIn(run, undefined)!);
  expect(message).toContain('A run did 2 things that no expectation covers.');
  expect(message).toContain('\n    ~ /etc/a   mode 0644 -> 4777\n    + /etc/b 0644 daemon:daemon 2 B\n');
  expect(message).toContain("toHaveChangedOnly({ '/etc/a': file(…, { mode: 0o4777 }), … })");
});
