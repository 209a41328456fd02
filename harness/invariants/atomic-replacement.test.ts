import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { defineShell, directory, file, symlink, type FileSpecs } from 'shellrig';
import { atomicReplacement } from 'shellrig/invariants';
import { owners } from '../sandbox/owners.js';
import { messageOf } from '../matchers/record.fixture.js';

const PATH = '/opt/bin/agent';
const GIVEN = { 'an old file': { [PATH]: file('the old one\n', { mode: 0o755 }) }, 'nothing': {} } satisfies Record<string, FileSpecs>;
const OLD = GIVEN['an old file'];
type There = keyof typeof GIVEN;
const python = existsSync('/usr/bin/python3');
const shell = defineShell({
  source: ['./testdata/replace.sh'],
  tools: python ? ['python3'] : [],
  files: { '/stage/new': file('the new one\n', { mode: 0o755 }), '/opt/bin/': directory() },
});

describe('atomicReplacement holds', () => {
  const ways: [way: string, there: There, path?: string][] = [
    ['by_rename', 'an old file'], ['by_rename', 'nothing'], ['by_link', 'nothing'], ['by_symlink', 'an old file'], ['by_symlink_over', 'an old file'], ['by_sed', 'an old file'],
    ['by_rename_in_background', 'an old file'], ['twice_the_same_mode', 'an old file'], ['by_a_child', 'an old file'], ['removes', 'an old file'],
    ...(python ? [['by_exchange', 'an old file'] as [string, There]] : []), ['with_its_directory', 'nothing', '/opt/tool/agent'], ['after_its_directory', 'nothing', '/opt/tool/agent'],
  ];
  it.each(ways)('%s, where there was %s', async (way, there, path = PATH) => {
    const run = await shell.given({ files: GIVEN[there], invariants: [atomicReplacement(path)] }).call(way, path);

    expect(run).toSucceed();
    expect(run).toHaveChanged();
    expect(run).toHold(atomicReplacement(path));
  });

  it('in a process of its own, in a whole script, and while sourcing one', async () => {
    const given = shell.given({ files: { ...OLD, '/run.sh': file(`. /fun.sh\nby_rename ${PATH}\n`, { mode: 0o755 }), '/fun.sh': 'by_rename() { cp /stage/new "$1.new" && mv -fT "$1.new" "$1"; }\n' }, invariants: [atomicReplacement(PATH)] });

    for (const run of [await given.given({ process: 'fresh' }).call('by_rename', PATH), await given.exec('/run.sh'), await given.source('/run.sh')]) {
      expect(run).toSucceed();
      expect(run).toHaveChanged(PATH);
      expect(run).toHold(atomicReplacement(PATH));
    }
  });
});

describe('atomicReplacement breaks', () => {
  const OVER = 'the old file was written over';
  const PART = 'it was there before all of it was written';
  const MODE = 'it was there before it had its mode and owner';
  const GONE = 'nothing was there for a while';
  const NOT_LAST = 'what was put there was not the last';
  const ways: [way: string, there: There, ...said: string[]][] = [
    ['by_copy', 'an old file', OVER], ['by_copy', 'nothing', PART],
    ['by_install', 'an old file', GONE, PART, MODE], ['by_install', 'nothing', PART, MODE],
    ['by_cat', 'an old file', OVER], ['by_append', 'an old file', OVER],
    ['from_another_file_system', 'an old file', GONE, PART, MODE], ['from_another_file_system', 'nothing', PART, MODE],
    ['mode_after', 'an old file', MODE], ['removes_first', 'an old file', GONE], ['removes_its_directory_first', 'an old file', GONE],
    ['truncates_then_renames', 'an old file', OVER], ['mode_before', 'an old file', 'the old file got another mode or owner'],
    ['by_copy_in_background', 'an old file', OVER], ['by_copy_after_the_end', 'an old file', OVER], ['by_copy_by_a_child', 'an old file', OVER],
    ['by_copy_with_descriptors_closed', 'an old file', OVER],
    ['template_then_sed', 'an old file', NOT_LAST], ['template_then_sed', 'nothing', NOT_LAST], ['comes_and_goes', 'an old file', NOT_LAST], ['comes_and_goes', 'nothing', NOT_LAST],
    ['empty_first', 'an old file', NOT_LAST],
    ...(owners().kind === 'range' ? [['owner_after', 'an old file', MODE] as [string, There, string]] : []),
  ];
  it.each(ways)('%s, where there was %s: %s', async (way, there, ...said) => {
    const run = await shell.given({ files: GIVEN[there], invariants: [atomicReplacement(PATH)] }).call(way, PATH);

    expect(run).toSucceed();
    expect(run).not.toHold(atomicReplacement(PATH));
    const places = new RegExp(`(?<=^  )(.*)   at harness/invariants/testdata/replace.sh:\\d+ in function ${way}$`, 'gm');
    expect([...messageOf(() => expect(run).toHold(atomicReplacement(PATH))).matchAll(places)].map(([, what]) => what)).toEqual(said);
  });

  it.each(['through_a_hard_link', 'through_a_hard_link_later', ...(python ? ['through_a_mapping'] : [])])('%s, which nobody tells of', async (way) => {
    const run = await shell.given({ files: OLD, invariants: [atomicReplacement(PATH)] }).call(way, PATH);

    expect(run).toSucceed();
    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH)))).toContain('as before or complete\n\n  it was written through another name of it, or a mapping of memory\n\n');
    expect(run).not.toHold(atomicReplacement(PATH));
  });

  it('unless several versions may be put there', async () => {
    const twice = atomicReplacement(PATH, { versions: 2 });
    const given = shell.given({ files: OLD, invariants: [twice] });

    expect(twice.name).toBe(`atomicReplacement('${PATH}', { versions: 2 })`);
    expect(await given.call('template_then_sed', PATH)).toHold(twice);
    expect(await given.call('comes_and_goes', PATH)).toHold(twice);
    expect(await given.call('eval', `template_then_sed ${PATH}; by_rename ${PATH}`)).not.toHold(twice);
    expect(() => atomicReplacement(PATH, { versions: 0 })).toThrow('atomicReplacement({ versions }) is a whole number from 1; received 0');
  });

  it('in a process of its own and in a whole script', async () => {
    const given = shell.given({ files: { ...OLD, '/run.sh': file(`cp /stage/new ${PATH}\n`, { mode: 0o755 }) }, invariants: [atomicReplacement(PATH)] });

    expect(await given.given({ process: 'fresh' }).call('by_copy', PATH)).not.toHold(atomicReplacement(PATH));
    expect(await given.exec('/run.sh')).not.toHold(atomicReplacement(PATH));
  });

  it('and says where, and what to do', async () => {
    const run = await shell.given({ files: OLD, invariants: [atomicReplacement(PATH)] }).call('mode_after', PATH);

    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH)))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): atomicReplacement('/opt/bin/agent'): /opt/bin/agent was not at every moment as before or complete

        it was there before it had its mode and owner   at harness/invariants/testdata/replace.sh:39 in function mode_after

        Write the new file beside it, in the same directory; give it its mode and owner; then \`mv -fT\` it into place.

      .call('mode_after', '/opt/bin/agent') ended with exit code 0

      it was so first at harness/invariants/testdata/replace.sh:39 in function mode_after

          36| mode_after() {
          37|   cp /stage/new "$1.new"
          38|   mv -fT "$1.new" "$1"
        > 39|   chmod 0700 "$1"
          40| }
          41| owner_after() {
          42|   cp /stage/new "$1.new"

      changes:
        ~ /opt/bin/agent   mode 0755 -> 0700
            -the old one
            +the new one

      again, with all it executes:
        npx shellrig test harness/invariants/atomic-replacement.test.ts -t 'atomicReplacement breaks and says where, and what to do$' --trace"
    `);
    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH, '/stage/new'))).split('\n\nit was so first')[0]).toMatchInlineSnapshot(`
      "expect(run).toHold(…): atomicReplacement('/opt/bin/agent', '/stage/new'): 2 paths of 2

        /opt/bin/agent was not at every moment as before or complete
          it was there before it had its mode and owner   at harness/invariants/testdata/replace.sh:39 in function mode_after

        nobody watched /stage/new

        Write the new file beside it, in the same directory; give it its mode and owner; then \`mv -fT\` it into place.

      .call('mode_after', '/opt/bin/agent') ended with exit code 0"
    `);
  });
});

describe('what atomicReplacement cannot tell fails, also negated', () => {
  it('where it was not declared before the run', async () => {
    const run = await shell.given({ files: OLD }).call('by_rename', PATH);

    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH)))).toMatchInlineSnapshot(`
      "expect(run).toHold(…): atomicReplacement('/opt/bin/agent'): nobody watched /opt/bin/agent

        It has to be declared before the run: given({ invariants: [atomicReplacement(...)] }), or of the shell: defineShell({ invariants: [...] }).

      .call('by_rename', '/opt/bin/agent') ended with exit code 0

      it ended at harness/invariants/testdata/replace.sh:4 in function by_rename

          1| #!/bin/bash
          2| # Ways to put a file in place: $1 is the destination, /stage/new holds what it is to be.
          3|
        > 4| by_rename() { cp /stage/new "$1.new" && chmod 0755 "$1.new" && mv -fT "$1.new" "$1"; }
          5| by_link() { cp -p /stage/new "$1.new" && ln "$1.new" "$1" && rm "$1.new"; }
          6| by_symlink() { ln -s /stage/new "$1.new" && mv -fT "$1.new" "$1"; }
          7| by_symlink_over() { ln -sfn /stage/new "$1"; }

      changes:
        ~ /opt/bin/agent
            -the old one
            +the new one

      again, with all it executes:
        npx shellrig test harness/invariants/atomic-replacement.test.ts -t 'what atomicReplacement cannot tell fails, also negated where it was not declared before the run$' --trace"
    `);
    expect(() => expect(run).not.toHold(atomicReplacement(PATH))).toThrow('nobody watched');
  });

  it('where one command makes the directory too', async () => {
    const run = await shell.given({ invariants: [atomicReplacement('/opt/tool/agent')] }).call('with_directory_at_once', '/opt/tool/agent');

    expect(messageOf(() => expect(run).toHold(atomicReplacement('/opt/tool/agent')))).toContain('one command made the directory and put it there');
  });

  it('where the kernel lets nobody watch', async () => {
    const few = shell.with({ source: ['./testdata/replace.sh', './testdata/few-descriptors.sh'] });
    const run = await few.given({ files: OLD, invariants: [atomicReplacement(PATH)] }).call('by_rename', PATH);

    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH)))).toContain('of /opt/bin/agent not everything that happened was seen\n\n  The kernel would not watch it');
    expect(() => expect(run).not.toHold(atomicReplacement(PATH))).toThrow('not everything that happened was seen');
  });

  it('where it is a link, and what it leads to changed', async () => {
    const files = { '/opt/real': 'old', [PATH]: symlink('../real') };
    const run = await shell.given({ files, invariants: [atomicReplacement(PATH)] }).call('through_a_link', PATH);

    expect(messageOf(() => expect(run).toHold(atomicReplacement(PATH)))).toContain("/opt/bin/agent is a link to /opt/real, which changed\n\n  Nobody watched that: declare atomicReplacement('/opt/real').");
    expect(() => expect(run).not.toHold(atomicReplacement(PATH))).toThrow('is a link to');
  });
});

it.each([
  ['where a link above it changed', 'ln -sfn /opt/v2 /opt/now', '/opt/now/agent was /opt/v1/agent before the run and is /opt/v2/agent after it'],
  ['where it is a directory', 'mkdir /opt/made; touch /opt/made/agent', '/opt/made is a directory'],
])('atomicReplacement cannot tell %s', async (_, script, reason) => {
  const files = { '/opt/v1/agent': 'old', '/opt/v2/agent': 'new', '/opt/now': symlink('/opt/v1') };
  const path = reason.split(' ')[0]!;
  const run = await shell.given({ files, invariants: [atomicReplacement(path)] }).call('eval', script);

  expect(run).toSucceed();
  expect(messageOf(() => expect(run).toHold(atomicReplacement(path)))).toContain(reason);
  expect(() => expect(run).not.toHold(atomicReplacement(path))).toThrow(reason);
});

it('atomicReplacement names the link that changed', async () => {
  const files = { '/opt/v1/agent': 'old', '/opt/v2/agent': 'new', '/opt/now': symlink('/opt/v1') };
  const run = await shell.given({ files, invariants: [atomicReplacement('/opt/now/agent')] }).call('eval', 'ln -s /opt/v2 /opt/next; mv -T /opt/next /opt/now');

  expect(messageOf(() => expect(run).toHold(atomicReplacement('/opt/now/agent')))).toContain("/opt/now changed, and nobody watched that: declare atomicReplacement('/opt/now'), and paths without links.");
});

it('atomicReplacement takes absolute paths, by links too', async () => {
  expect(() => atomicReplacement('agent')).toThrow("atomicReplacement() takes absolute paths; received 'agent'.");
  expect(() => (atomicReplacement as () => unknown)()).toThrow('atomicReplacement() takes the paths that are replaced.');

  const run = await shell.given({ files: { '/bin/agent': 'old', '/link': symlink('/opt') }, invariants: [atomicReplacement('/bin/agent', '/link/bin/agent')] }).call('by_rename', '/usr/bin/agent');
  expect(run).toSucceed();
  expect([...run.record.witnessed.values()].map(({ path, events }) => [path, ...events.map(({ kind }) => kind)])).toEqual([['/usr/bin/agent', 'moved in'], ['/opt/bin/agent']]);
});

it('atomicReplacement takes no more paths than a run can witness', async () => {
  const paths = Array.from({ length: 90 }, (_, index) => `/opt/${'x'.repeat(100)}/${index}`) as [string, ...string[]];
  await expect(shell.given({ invariants: [atomicReplacement(...paths)] }).call('removes', PATH)).rejects.toThrow('invariants: a run can witness 8000 bytes of paths, and these 90 are longer; declare them of several runs');
});

it('a run that declares nothing is not watched, nor is the next one', async () => {
  await shell.given({ files: OLD, invariants: [atomicReplacement(PATH)] }).call('by_rename', PATH);
  const run = await shell.given({ files: OLD }).call('eval', `by_copy ${PATH}; bash -c 'ls -l /proc/self/fd; :'`);

  expect(run).toSucceed();
  expect(run.record.witnessed.size).toBe(0);
  expect(run.stdout).not.toContain('inotify');
});
