import { describe, expect, it } from 'vitest';
import { filesOf, runInline } from '../vitest/inline-project.js';

const files = await filesOf(new URL('testdata/disturbed/', import.meta.url));
const { failures, report } = await runInline(files);

/** What a sweep prints, by its title. */
const tableOf = (suite: string, title: string) => new RegExp(`^stdout \\| install.spec.ts > ${suite} > ${title}\n((?:.+\n)+)`, 'm').exec(report)?.[1]?.trimEnd();
const failureOf = (suite: string, title: string) => failures.get(`install.spec.ts > ${suite} > ${title}`)?.replace(/ +\d+ Killed/g, ' PID Killed');

describe('sweepKills', () => {
  it('says what was tried and what came of it', () => {
    expect(failureOf('killed', 'good, killed at any moment')).toBeUndefined();
    expect(tableOf('killed', 'good, killed at any moment')).toMatchInlineSnapshot(`
      "good, killed at any moment: 28 values,
        killed     as before, then all done     16
        killed     all done, then all done       1
        power cut  as before, then all done     11
        runs from what was left: 2; 26 of them were alike: they would begin with the same tree
        not tried: 6 power cuts before commands that had changed nothing by the next moment: a power cut at that leaves the same
        not tried: 2 of 6 steps between calls and changes (seed 799446)"
    `);
  });

  it('tries some of much, spread over it, and what comes right after a mark', async () => {
    expect(failureOf('killed', 'some of good, killed at any moment')).toBeUndefined();
    expect(tableOf('killed', 'some of good, killed at any moment')).toMatchInlineSnapshot(`
      "some of good, killed at any moment: 12 values,
        killed     as before, then an agent      5
        power cut  as before, then an agent      7
        runs from what was left: 1; 11 of them were alike: they would begin with the same tree
        not tried: 5 power cuts before commands that had changed nothing by the next moment: a power cut at that leaves the same
        not tried: 2 of 6 steps between calls and changes (seed 8339)
        not tried: 19 of the 31 that are left, from which those that are tried are drawn evenly (seed 8339; \`most\` allows more)"
    `);
    const more = await runInline(files, { args: ['-t', 'some of good, killed'], env: { SHELLRIG_MOST: '15' } });
    expect(more.report).toContain('some of good, killed at any moment: 15 values,');
  });

  it('begins the next run a day after the kill: what is left is old by then', () => {
    expect(failureOf('killed', 'locks, killed at any moment')).toBeUndefined();
  });

  it('finds what is written in place, and gives the command that repeats it', () => {
    expect(failureOf('killed', 'in place, killed at any moment')).toMatchInlineSnapshot(`
      "StrictError: in place, killed at any moment: 6 of 18 values break what must hold

      oldOrNew('/opt/agent'): /opt/agent is neither as before nor as it is to be

        killed after open /opt/agent in cp, at install.sh:18 in function in_place

        found:   /opt/agent 0755 root:root 0 B
        before:  /opt/agent 0755 root:root 4 B  'old\\n'
        to be:   /opt/agent 0755 root:root 4 B  'new\\n'

        Make the new file ready beside it, in the same directory, with its mode and owner; then \`mv -fT\` it into place.

        that run ended with exit code 4, at install.sh:18 in function in_place

        stderr:
          /run/shellrig/scripts/<root>/install.sh: line 17: PID Killed                  cp /stage/new /opt/agent
          no agent

        that is at install.sh:18 in function in_place

            15|
            16| # The old one is written over.
            17| in_place() {
          > 18|   cp /stage/new /opt/agent || { echo 'no agent' >&2; return 4; }
            19|   chmod 0755 /opt/agent || { echo 'no agent' >&2; return 4; }
            20| }
            21|

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'killed in place, killed at any moment$' --value killed@0.0:2 --trace

        the same of 5 other values:
          power-cut@0.0:2  power cut after open /opt/agent in cp, at install.sh:18 in function in_place
          killed@0.0:3  killed before write /opt/agent in cp, at install.sh:18 in function in_place
          power-cut@0.0:3  power cut before write /opt/agent in cp, at install.sh:18 in function in_place
          killed@0.0:4  killed after half of a write /opt/agent in cp, at install.sh:18 in function in_place
          power-cut@0.0:4  power cut after half of a write /opt/agent in cp, at install.sh:18 in function in_place"
    `);
  });

  it('finds what does not converge', () => {
    expect(failureOf('killed', 'takes first, killed at any moment')).toMatchInlineSnapshot(`
      "StrictError: takes first, killed at any moment: 13 of 23 values break what must hold

      the next run, from what was left, ended with exit code 4, undisturbed with 0, and left /opt/agent otherwise

        killed before open /opt/.agent.new in bash, at install.sh:34 in function takes_first

        found after it, in place of what the undisturbed run left:
          ~ /opt/agent
              -new
              +old

        that run ended with exit code 4, at install.sh:32 in function takes_first

        stderr:
          cat: /stage/new: No such file or directory
          no agent

        that is at install.sh:34 in function takes_first

            31|   local new
            32|   new=$(cat /stage/new) || { echo 'no agent' >&2; return 4; }
            33|   rm -f /stage/new
          > 34|   printf '%s\\n' "$new" >/opt/.agent.new
            35|   chmod 0755 /opt/.agent.new && mv -fT /opt/.agent.new /opt/agent
            36| }
            37|

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'killed takes first, killed at any moment$' --value killed@0:4 --trace

        the same of 12 other values:
          power-cut@0:4  power cut before open /opt/.agent.new in bash, at install.sh:34 in function takes_first
          killed@0:5  killed after open /opt/.agent.new in bash, at install.sh:34 in function takes_first
          power-cut@0:5  power cut after open /opt/.agent.new in bash, at install.sh:34 in function takes_first
          killed@0:6  killed before the step chmod 0755 /opt/.agent.new, at install.sh:35 in function takes_first
          killed@0.2:0  killed as chmod 0755 /opt/.agent.new begins, at install.sh:35 in function takes_first
          killed@0.2:1  killed before chmod /opt/.agent.new in chmod, at install.sh:35 in function takes_first
          power-cut@0.2:1  power cut before chmod /opt/.agent.new in chmod, at install.sh:35 in function takes_first
          killed@0.3:0  killed as mv -fT /opt/.agent.new /opt/agent begins, at install.sh:35 in function takes_first
          and 4 more"
    `);
  });

  it('tries one value alone where it is asked to', async () => {
    const again = await runInline(files, { args: ['-t', 'in place, killed'], env: { SHELLRIG_VALUE: 'power-cut@0.0:3', SHELLRIG_TRACE: '1' } });
    expect(again.failures.size).toBe(1);
    expect(again.report).toContain('in place, killed at any moment: 1 value,');
    expect(again.report).toContain("install.sh:18 in_place  cp /stage/new /opt/agent || { echo 'no agent' >&2; return 4; }");
    const none = await runInline(files, { args: ['-t', 'in place, killed'], env: { SHELLRIG_VALUE: 'power-cut@0.0:99' } });
    expect(none.report).toContain("this sweep has no value 'power-cut@0.0:99'. Did you mean 'power-cut@0.0:");
    expect(none.report).toContain("Where it is another sweep's, choose that one alone by its full name: -t 'NAME$'");
  });
});

describe('sweepFailingCalls', () => {
  it('says what was tried and what came of it', () => {
    expect(failureOf('failing', 'good, with failing calls')).toBeUndefined();
    expect(tableOf('failing', 'good, with failing calls')).toMatchInlineSnapshot(`
      "good, with failing calls: 11 values,
        disk full  exit 4, as before      3
        exit 1     exit 4, as before      3
        exit 1     exit 0, all done       1
        signal 9   exit 4, as before      3
        signal 9   exit 0, all done       1
        no hang tried, as no timeout would end it: cmp, cp, chmod, mv"
    `);
  });

  it('finds a mv that nobody looks at', () => {
    expect(failureOf('failing', 'unchecked, with failing calls')).toMatchInlineSnapshot(`
      "StrictError: unchecked, with failing calls: 4 of 11 values break what must hold

      oldOrNew('/opt/agent'): /opt/agent is as before, though the run ended with 0

        exit 1 as mv -fT /opt/.agent.new /opt/agent begins, at install.sh:25 in function unchecked

        found:   /opt/agent 0755 root:root 4 B  'old\\n'
        before:  /opt/agent 0755 root:root 4 B  'old\\n'
        to be:   /opt/agent 0755 root:root 4 B  'new\\n'

        Have the script look whether each command has succeeded on which that hangs.

        that run ended with exit code 0, at install.sh:26 in function unchecked

        that is at install.sh:25 in function unchecked

            22| # Nobody looks whether mv has succeeded.
            23| unchecked() {
            24|   cp /stage/new /opt/.agent.new && chmod 0755 /opt/.agent.new || { rm -f /opt/.agent.new; echo 'no agent' >&2; return 4; }
          > 25|   mv -fT /opt/.agent.new /opt/agent 2>/dev/null
            26|   rm -f /opt/.agent.new
            27| }
            28|

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'failing unchecked, with failing calls$' --value exit-1@0.2:0 --trace

        the same of 1 other value:
          signal-9@0.2:0  signal 9 as mv -fT /opt/.agent.new /opt/agent begins, at install.sh:25 in function unchecked

      definedExitCodes([3, 4]): the run ended with 1

        exit 1 as rm -f /opt/.agent.new begins, at install.sh:26 in function unchecked

        defined are: 0, 3, 4

        If the code means something to whoever calls the script, define it; otherwise have the script end with one that does.

        that run ended with exit code 1, at install.sh:26 in function unchecked

        stderr:
          rm: fails in this sweep

        that is at install.sh:26 in function unchecked

            23| unchecked() {
            24|   cp /stage/new /opt/.agent.new && chmod 0755 /opt/.agent.new || { rm -f /opt/.agent.new; echo 'no agent' >&2; return 4; }
            25|   mv -fT /opt/.agent.new /opt/agent 2>/dev/null
          > 26|   rm -f /opt/.agent.new
            27| }
            28|
            29| # Who takes away what it comes from first has nothing to come from the next time.

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'failing unchecked, with failing calls$' --value exit-1@0.3:0 --trace

      definedExitCodes([3, 4]): the run ended with 137, as where signal 9 ends a process

        signal 9 as rm -f /opt/.agent.new begins, at install.sh:26 in function unchecked

        defined are: 0, 3, 4

        If the code means something to whoever calls the script, define it; otherwise have the script end with one that does.

        that run ended with exit code 137, at install.sh:26 in function unchecked

        stderr:
          /run/shellrig/scripts/<root>/install.sh: line 23: PID Killed                  rm -f /opt/.agent.new

        that is at install.sh:26 in function unchecked

            23| unchecked() {
            24|   cp /stage/new /opt/.agent.new && chmod 0755 /opt/.agent.new || { rm -f /opt/.agent.new; echo 'no agent' >&2; return 4; }
            25|   mv -fT /opt/.agent.new /opt/agent 2>/dev/null
          > 26|   rm -f /opt/.agent.new
            27| }
            28|
            29| # Who takes away what it comes from first has nothing to come from the next time.

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'failing unchecked, with failing calls$' --value signal-9@0.3:0 --trace"
    `);
  });

  it('refuses a call that could hang for ever, where it must not', () => {
    expect(failureOf('bounded', 'cmp, with failing calls')).toContain('Error: cmp: must not hang for ever, and nothing would end it: call it under `timeout`');
  });

  it('finds a failure that nobody tells', () => {
    expect(failureOf('failing', 'silent, with failing calls')).toContain('toldFailures(): the run ended with 4 and said nothing');
  });
});

describe('sweepTwice', () => {
  it('begins each run a day after the one before, so that who writes the time is found', () => {
    expect(failureOf('twice', 'the time, again and again')).toContain(`2 of 2 values break what must hold

idempotence(): the second run changed /opt/stamp again

  run number 2, on what the one before left

  changed by the second run:
    ~ /opt/stamp
        -1893456000
        +1893542400
`);
  });

  it('finds what is done again', () => {
    expect(failureOf('twice', 'good, again and again')).toBeUndefined();
    expect(failureOf('twice', 'a rule, again and again')).toMatchInlineSnapshot(`
      "StrictError: a rule, again and again: 2 of 2 values break what must hold

      idempotence(): the second run changed /etc/rules again

        run number 2, on what the one before left

        changed by the second run:
          ~ /etc/rules
               rule 10
              +rule 10

        Have the script look whether its work is done already. What may change each time: idempotence({ except: [...] }).

        that run ended with exit code 0, at install.sh:43 in function inserts_a_rule

        this value alone, with all it executes:
          npx shellrig test install.spec.ts -t 'twice a rule, again and again$' --value again@1 --trace

        the same of 1 other value:
          again@2  run number 3, on what the one before left"
    `);
  });
});
