import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inlineEnvironment, inlineProject, VITEST, type InlineProject } from '../vitest/inline-project.js';

/** Specs that are in the middle of something; each says so by a file. */
const FILES = {
  'running.test.ts': `
    import { writeFileSync } from 'node:fs';
    import { it } from 'vitest';
    import { defineShell, handle } from 'shellrig';
    const idle = defineShell({ env: { MARK: process.env.MARK } });
    const shell = defineShell({ clock: 'real', env: { MARK: process.env.MARK }, stubs: { ready: handle(() => writeFileSync(process.env.READY, '')) } });
    it('runs', async () => {
      await idle.call('true');
      await shell.call('eval', 'sleep 1001 & setsid sleep 1002 & (trap "" INT TERM HUP; sleep 1003 & ready; wait)');
    }, 60_000);
  `,
  'starting.test.ts': `
    import { writeFileSync } from 'node:fs';
    import { it } from 'vitest';
    import { defineShell } from 'shellrig';
    it('starts one sandbox after the other', async () => {
      writeFileSync(process.env.READY, '');
      for (;;) await Promise.all([1, 2].map(() => defineShell({ env: { MARK: process.env.MARK } }).call('true')));
    }, 60_000);
  `,
  'ends.test.ts': `
    import { it } from 'vitest';
    import { defineShell } from 'shellrig';
    it('ends its own process', async () => {
      const shell = defineShell({ clock: 'real', env: { MARK: process.env.MARK } });
      await shell.call('true');
      void shell.call('sleep', '1000').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 100));
      process.kill(process.pid, 'SIGSEGV');
    });
  `,
  'passes.test.ts': `
    import { it } from 'vitest';
    import { defineShell } from 'shellrig';
    it('passes', async () => { await defineShell({ env: { MARK: process.env.MARK } }).call('true'); });
  `,
};

let project: InlineProject;
let temporary: string;
let count = 0;
const runners: Runner[] = [];

beforeAll(async () => {
  project = await inlineProject(FILES);
  temporary = await mkdtemp(join(tmpdir(), 'shellrig-stays-'));
});

afterAll(async () => {
  // What a failed test has left.
  for (const { pid } of runners.flatMap((runner) => runner.processes())) process.kill(pid, 'SIGKILL');
  await project.remove();
  await rm(temporary, { recursive: true });
});

/** A vitest that runs one of the specs, as the leader of a process group. */
class Runner {
  readonly mark = `${process.pid}-${count += 1}`;
  private readonly ready = join(project.root, `ready-${this.mark}`);
  private readonly child;

  constructor(spec: keyof typeof FILES) {
    runners.push(this);
    const env = inlineEnvironment({ MARK: this.mark, READY: this.ready, TMPDIR: temporary });
    this.child = execa('node', [VITEST, 'run', spec], { cwd: project.root, env, extendEnv: false, reject: false, stdin: 'ignore', all: true, detached: true, cleanup: false });
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Resolves when the spec has come to where it is to be ended. */
  async isReady(): Promise<void> {
    const until = Date.now() + 20_000;
    while (!existsSync(this.ready)) {
      if (Date.now() > until) throw new Error(`the spec did not begin: ${JSON.stringify(this.processes())}`);
      await after(5);
    }
  }

  /** Processes of its group, those that start its sandboxes, and those in them: these have its mark. */
  processes(): { pid: number; command: string }[] {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((pid) => {
      try {
        const [, state, group] = /\) (\S) \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
        if (state === 'Z') return [];
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const isMarked = command.includes(`MARK ${this.mark} `) || readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`MARK=${this.mark}`);
        return isMarked || Number(group) === this.pid ? [{ pid: Number(pid), command: command.slice(0, 1000) }] : [];
      } catch {
        return [];
      }
    });
  }

  /** Sends a signal to those of its processes that have such a command line. */
  kill(command: RegExp, signal: NodeJS.Signals): void {
    const victims = this.processes().filter((one) => command.test(one.command));
    if (victims.length === 0) throw new Error(`nothing to kill among ${JSON.stringify(this.processes())}`);
    for (const { pid } of victims) process.kill(pid, signal);
  }

  /** What is left of it, a moment after its end. */
  async leftBehind(): Promise<unknown> {
    await this.child;
    const until = Date.now() + 5000;
    while (this.processes().length > 0 && Date.now() < until) await after(20);
    // vitest itself keeps what it made of modules in a folder with a random name of 21 letters.
    const files = readdirSync(temporary).filter((name) => !/^[\w-]{21}$/.test(name));
    return { processes: this.processes(), files, mounts: mounts().filter((path) => !MOUNTS.includes(path)) };
  }
}

const NOTHING = { processes: [], files: [], mounts: [] };
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const mounts = () => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').map((line) => line.split(' ')[4]);
const MOUNTS = mounts();
const WORKER = /\/vitest\/dist\/workers\/forks/;
const BUBBLEWRAP = /^\S*bwrap /;

describe('S7: no process, no mount and no file stays', () => {
  it('when all is well', async () => {
    expect(await new Runner('passes.test.ts').leftBehind()).toEqual(NOTHING);
  }, 30_000);

  it.each<[what: string, end: (runner: Runner) => void]>([
    ['Ctrl-C', ({ pid }) => process.kill(-pid, 'SIGINT')],
    ['SIGTERM of the runner', ({ pid }) => process.kill(pid, 'SIGTERM')],
    ['SIGKILL of the runner', ({ pid }) => process.kill(pid, 'SIGKILL')],
    ['SIGKILL of the worker', (runner) => runner.kill(WORKER, 'SIGKILL')],
    ['SIGKILL of all of them', ({ pid }) => process.kill(-pid, 'SIGKILL')],
  ])('after %s, in the middle of a run and between two', async (_, end) => {
    const runner = new Runner('running.test.ts');
    await runner.isReady();
    end(runner);
    expect(await runner.leftBehind()).toEqual(NOTHING);
  }, 30_000);

  it('after SIGKILL of bubblewrap: the run is reported as lost', async () => {
    const runner = new Runner('running.test.ts');
    await runner.isReady();
    runner.kill(BUBBLEWRAP, 'SIGKILL');
    expect(await runner.leftBehind()).toEqual(NOTHING);
  }, 30_000);

  it('after a crash of the worker', async () => {
    expect(await new Runner('ends.test.ts').leftBehind()).toEqual(NOTHING);
  }, 30_000);

  it.each([0, 25])('after SIGKILL of the worker while sandboxes start, %i ms into it', async (delay) => {
    const runner = new Runner('starting.test.ts');
    await runner.isReady();
    await after(delay);
    runner.kill(WORKER, 'SIGKILL');
    expect(await runner.leftBehind()).toEqual(NOTHING);
  }, 30_000);
});
