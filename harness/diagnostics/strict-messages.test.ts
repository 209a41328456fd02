import { describe, expect, it } from 'vitest';
import { fabricatedRecord, site, SCRIPT } from '../matchers/record.fixture.js';
import { StrictError } from './strict-error.js';
import {
  leftoverProcess, limitExceeded, neverAwaited, notRecorded, recordDamaged, sandboxLost, shellError, sourceFailed, undeclaredCommand, unlookedExitCode, unusedStub,
} from './strict-messages.js';

const record = fabricatedRecord({ exitCode: 22, stderr: 'curl: (22) not found\n', lastStack: [site(15, 'fetchTool'), site(11, 'installTool')] });
const asked = record.context;
const stack = [site(15, 'fetchTool'), site(11, 'installTool')];

describe('strict messages', () => {
  it('undeclared-command: what, where, and three ways to declare it', () => {
    const error = undeclaredCommand(asked, [{ name: 'crul', args: ['-f', 'a b'], stack, through: 'timeout' }, { name: 'nc', stack: [site(6, 'installTool')] }, { name: 'nc', stack: [] }], ['curl', 'mv']);
    expect(error).toBeInstanceOf(StrictError);
    expect(error.code).toBe('undeclared-command');
    expect(error.message).toMatchInlineSnapshot(`
      "The script called 'crul' through timeout, which is neither a tool nor a stub of this shell. Did you mean 'curl'?

        .call('installTool', 'toolctl', '1.34.0')
          ran: crul -f 'a b'

        at harness/matchers/install.fixture.sh:15 in function fetchTool

            12| }
            13|
            14| fetchTool() {
          > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
            16|   chmod 755 "/opt/bin/\${1}"
            17| }

        called from harness/matchers/install.fixture.sh:11 in function installTool

        Also called:
          nc   at harness/matchers/install.fixture.sh:6

        Declare what it is:
          stubs: { 'crul': exits(0), 'nc': exits(0) }   a stand-in whose calls are recorded; real() runs the program itself
          tools: ['crul', 'nc']   the program itself, its calls not recorded
          allow: { commands: ['crul', 'nc'] }   the script is to meet "command not found""
    `);
  });

  it('undeclared-command: one, of which nothing more is known', () => {
    expect(undeclaredCommand(asked, [{ name: '/usr/bin/nc', stack: [] }]).message).toMatchInlineSnapshot(`
      "The script called '/usr/bin/nc', which is neither a tool nor a stub of this shell.

        .call('installTool', 'toolctl', '1.34.0')

        Declare what it is:
          stubs: { '/usr/bin/nc': exits(0) }   a stand-in whose calls are recorded; real() runs the program itself
          tools: ['/usr/bin/nc']   the program itself, its calls not recorded
          allow: { commands: ['/usr/bin/nc'] }   the script is to meet "command not found""
    `);
  });

  it('leftover-process', () => {
    const one = leftoverProcess(asked, [{ pid: 9, command: 'sleep 1000', site: site(15, 'fetchTool') }]);
    expect(one.code).toBe('leftover-process');
    expect(one.message).toMatchInlineSnapshot(`
      "The script left a process running. It was ended.

        .call('installTool', 'toolctl', '1.34.0')

        Still running:
          sleep 1000   started at harness/matchers/install.fixture.sh:15 in function fetchTool

        at harness/matchers/install.fixture.sh:15 in function fetchTool

            12| }
            13|
            14| fetchTool() {
          > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
            16|   chmod 755 "/opt/bin/\${1}"
            17| }

        If the script should have waited for it or ended it, mend the script. If it is meant to live on:
          allow: { leftovers: ['sleep'] }"
    `);
    expect(leftoverProcess(asked, [{ pid: 9, command: 'sleep 1000', site: undefined }, { pid: 10, command: 'sleep 5', site: undefined }]).message).toMatchInlineSnapshot(`
      "The script left 2 processes running. They were ended.

        .call('installTool', 'toolctl', '1.34.0')

        Still running:
          sleep 1000
          sleep 5

        If the script should have waited for it or ended it, mend the script. If it is meant to live on:
          allow: { leftovers: ['sleep'] }"
    `);
  });

  it('shell-error', () => {
    const error = shellError(asked, [{ text: 'name: unbound variable', stack }, { text: '[: x: integer expected', stack: [site(7, 'installTool')] }, { text: 'fork failed', stack: [] }]);
    expect(error.code).toBe('shell-error');
    expect(error.message).toMatchInlineSnapshot(`
      "bash reported an error in the script: name: unbound variable

        .call('installTool', 'toolctl', '1.34.0')

        at harness/matchers/install.fixture.sh:15 in function fetchTool

            12| }
            13|
            14| fetchTool() {
          > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
            16|   chmod 755 "/opt/bin/\${1}"
            17| }

        called from harness/matchers/install.fixture.sh:11 in function installTool

        Also reported:
          [: x: integer expected   at harness/matchers/install.fixture.sh:7 in function installTool
          fork failed

        Mend the script. If the example is about this very error:
          allow: { shellErrors: ['name: unbound variable'] }"
    `);
  });

  it('limit-*: each with its own code', () => {
    const time = limitExceeded(asked, { limit: 'time', allowed: '10 s of real time', raise: "limits: { time: '60s' }", stack, stdout: Buffer.from('waiting\n'), stderr: Buffer.from('') });
    expect(time.code).toBe('limit-time');
    expect(time.message).toMatchInlineSnapshot(`
      "The script did not end within 10 s of real time and was ended.

        .call('installTool', 'toolctl', '1.34.0')

        It was at harness/matchers/install.fixture.sh:15 in function fetchTool

            12| }
            13|
            14| fetchTool() {
          > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
            16|   chmod 755 "/opt/bin/\${1}"
            17| }

        called from harness/matchers/install.fixture.sh:11 in function installTool

        stdout:
          waiting

        If it may need that much:
          limits: { time: '60s' }"
    `);
    const others = (['output', 'memory', 'processes'] as const).map((limit) => {
      const error = limitExceeded(asked, { limit, allowed: limit === 'processes' ? '256 processes' : '16 MB', raise: `limits: { ${limit}: … }`, stack: [] });
      return `${error.code}: ${error.message.split('\n')[0]}`;
    });
    expect(others).toMatchInlineSnapshot(`
      [
        "limit-output: The script wrote more than 16 MB of output and was ended.",
        "limit-memory: The script needed more than 16 MB of memory and was ended.",
        "limit-processes: The script started more than 256 processes and was ended.",
      ]
    `);
  });

  it('not-recorded', () => {
    expect(notRecorded('x', 'undeclared', new Set()).message).toMatchInlineSnapshot(`
      "'x' is not declared in this shell: its calls are not recorded.

        Declare it as a spy, which records calls and lets the real one do the work:
          stubs: { 'x': real() }   or, for a shell function: spy()

        Nothing is declared as stub or spy."
    `);
    expect(notRecorded('x', { metInstead: '/usr/local/bin/x' }, new Set(['x'])).message).toMatchInlineSnapshot(`
      "'x' is a stub, but a script that calls it met /usr/local/bin/x instead: its calls were not recorded.

        Stand in for that file too, or take it away:
          stubs: { '/usr/local/bin/x': … }"
    `);
  });

  it('unlooked-exit-code', () => {
    const error = unlookedExitCode(record);
    expect(error.code).toBe('unlooked-exit-code');
    expect(error.message).toMatchInlineSnapshot(`
      "A run ended with exit code 22, and no expectation looked at it.

        .call('installTool', 'toolctl', '1.34.0')

        at harness/matchers/install.fixture.sh:15 in function fetchTool

            12| }
            13|
            14| fetchTool() {
          > 15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
            16|   chmod 755 "/opt/bin/\${1}"
            17| }

        called from harness/matchers/install.fixture.sh:11 in function installTool

        stderr:
          curl: (22) not found

        Say what was meant:
          expect(run).toSucceed()
          expect(run).toExit(22)

        Again, with all it executes:
          npx shellrig test specs/install.spec.ts -t 'installTool fetches what is not there \\(once\\)$' --trace"
    `);
  });

  it('never-awaited', () => {
    const error = neverAwaited(asked);
    expect(error.code).toBe('never-awaited');
    expect(error.message).toMatchInlineSnapshot(`
      "A run was started and never awaited, so the test could not see its result.

        .call('installTool', 'toolctl', '1.34.0')

        Write \`await\` before it:
          const run = await shell.call('installTool', 'toolctl', '1.34.0')"
    `);
  });

  it('unused-stub', () => {
    const error = unusedStub(asked, ['curl'], ['systemctl', 'sleep', 'sleep']);
    expect(error.code).toBe('unused-stub');
    expect(error.message).toMatchInlineSnapshot(`
      "given({ stubs: { 'curl': … } }) declares a stub that the script never called.

        .call('installTool', 'toolctl', '1.34.0')

        Called were: sleep, systemctl

        If the script should have come that far, this is the defect. Otherwise remove the declaration, or move it to defineShell(), where a stub may stay unused."
    `);
    expect(unusedStub(asked, ['curl', 'nc'], []).message).toContain('No stub was called at all.');
  });

  it('source-failed', () => {
    const error = sourceFailed({ verb: 'defineShell', command: [SCRIPT], hostPaths: asked.hostPaths }, { exitCode: 1, stack: [site(3, 'main')], stdout: Buffer.from(''), stderr: Buffer.from('no such file\n') });
    expect(error.code).toBe('source-failed');
    expect(error.message).toMatchInlineSnapshot(`
      "Sourcing ended the shell with exit code 1, before any example could run.

        defineShell({ source: ['harness/matchers/install.fixture.sh'] })

        at harness/matchers/install.fixture.sh:3 at top level

            1| #!/bin/bash
            2| # A small installer: the script that the fabricated runs of the matchers' tests claim to have executed.
          > 3|
            4| installTool() {
            5|   local name=$1 version=$2
            6|   mkdir -p /opt/bin

        stderr:
          no such file

        A script that is meant to be run and not sourced: use .exec(). One that needs files, variables or stubs while it is sourced: give them to defineShell()."
    `);
  });

  it('sandbox-lost', () => {
    const error = sandboxLost({ ended: 'signal SIGKILL', asked, stderr: Buffer.from('bwrap: gone\n') });
    expect(error.code).toBe('sandbox-lost');
    expect(error.message).toMatchInlineSnapshot(`
      "The sandbox ended by itself (signal SIGKILL) while a run needed it.

        .call('installTool', 'toolctl', '1.34.0')

        It said:
          bwrap: gone

        If the script kills every process it can, expect this error; the next example has a new sandbox. If it happens at every start:
          npx shellrig doctor"
    `);
    expect(sandboxLost({ ended: 'exit code 1' }).message).toContain('(exit code 1) while it was being started');
  });

  it('record-damaged: what is not known, and the two things that do it', () => {
    const error = recordDamaged(asked);
    expect(error.code).toBe('record-damaged');
    expect(error.message).toMatchInlineSnapshot(`
      "The record of what the script did was written into by something else, so neither its calls nor their order are known.

        .call('installTool', 'toolctl', '1.34.0')

        Two things do that: a function named \`builtin\`, which stands in for what records (give it another name), and a script that writes below /run/shellrig."
    `);
  });
});
