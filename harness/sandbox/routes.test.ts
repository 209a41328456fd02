import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { defineShell, StrictError, symlink } from 'shellrig';

/**
 * The routes by which scripts reach commands, a function each: plain, by path, in subshells, substitutions, pipelines
 * and the background, by command, exec, eval and traps, by bash and sh children, and through timeout, env, xargs,
 * nohup, nice, setsid, flock, find, perl and awk. Stubs are tried on the same ones: `harness/stubs/routes.test.ts`.
 */
const SCRIPT = fileURLToPath(new URL('../stubs/testdata/routes.sh', import.meta.url));
const LINES = readFileSync(SCRIPT, 'utf8').split('\n');
const ROUTES = LINES.flatMap((line) => /^(\w+)\(\) \{$/.exec(line)?.[1] ?? []).filter((name) => name !== 'run_words');

describe('S4: a command that was not declared is reported on every route, with its place', () => {
  const shell = defineShell({ source: [SCRIPT] });

  it.each(ROUTES)('%s', async (route) => {
    expect(reportOf(await shell.call(route).catch((error: unknown) => error), route)).toEqual(REPORT);
  });

  it.each(ROUTES)('%s, where the script hides standard error and ignores the code', async (route) => {
    const error = await shell.call('eval', `${route} >/dev/null 2>&1 || :`).catch((thrown: unknown) => thrown);
    expect(reportOf(error, route)).toEqual(REPORT);
  });

  it('while scripts are sourced', async () => {
    const sourcing = defineShell({ source: ['./testdata/calls-while-sourcing.sh'] });
    const error = await sourcing.call('true').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'StrictError', code: 'undeclared-command' });
    expect(String(error)).toContain("The script called 'backend'");
    expect(String(error)).toContain('calls-while-sourcing.sh:4');
  });

  it('unless it is allowed: then the script meets "command not found"', async () => {
    const run = await shell.given({ allow: { commands: ['backend'] } }).call('plain');
    expect(run.exitCode).toBe(127);
    expect(run.stderr).toMatch(/routes\.sh: line 5: backend: command not found\n$/);
  });
});

const REPORT = { code: 'undeclared-command', named: true, isLineOfRoute: true };

/** What an error says of a route's call: the code, and whether it has the name and a line of that very function. */
function reportOf(error: unknown, route: string): unknown {
  if (!(error instanceof StrictError)) return error;
  const named = error.message.startsWith(`The script called '${route === 'by_absolute_path' ? '/usr/bin/backend' : 'backend'}'`);
  const line = Number(/routes\.sh:(\d+)/.exec(error.message)?.[1]);
  const first = LINES.indexOf(route === 'by_a_wrapper_function' ? 'run_words() { "$@"; }' : `${route}() {`) + 1;
  return { code: error.code, named, isLineOfRoute: line >= first && line <= LINES.indexOf('}', first) };
}

describe('S4: a tool is met on every route', () => {
  const shell = defineShell({ source: [SCRIPT], files: { '/usr/bin/backend': symlink('printf') } });

  // The route by a coprocess is a race: printf has ended before the script asks for its descriptor.
  it.each(ROUTES.filter((route) => route !== 'by_a_coprocess'))('%s', async (route) => {
    const run = await shell.call(route);
    expect(run.exitCode).toBe(0);
    // printf's own output: its first word is the format.
    expect(run.stdout.trim()).toBe('a');
  });
});

describe('S4: to ask whether a command is there is not to call it', () => {
  const script = fileURLToPath(new URL('testdata/probes.sh', import.meta.url));
  const shell = defineShell({ source: [script] });

  it.each([...readFileSync(script, 'utf8').matchAll(/^(\w+)\(\)/gm)].map(([, name]) => name as string))('%s', async (probe) => {
    const run = await shell.call(probe);
    expect(run.exitCode).not.toBe(0);
  });
});

describe('S4: only declared tools exist', () => {
  it('beside the default ones those that a shell names', async () => {
    expect((await defineShell({}).call('type', '-P', 'git')).exitCode).toBe(1);
    expect((await defineShell({ tools: ['git'] }).call('type', '-P', 'git')).stdout).toBe('/usr/bin/git\n');
    expect((await defineShell({ tools: ['git'] }).call('git', '--version')).stdout).toMatch(/^git version /);
  });

  it('and one that this machine lacks is refused', async () => {
    await expect(defineShell({ tools: ['nosuch-tool'] }).call('true')).rejects.toThrow(/^tool `nosuch-tool` is not installed on this machine\. Install the package that has it, or declare a stub for it \(looked in \/usr\/bin, \/usr\/sbin\)\.$/);
  });
});
