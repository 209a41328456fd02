import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineShell, directory, file, handle, returns, spy } from 'shellrig';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('testdata/sourcing/', import.meta.url));

/**
 * R1: the server survives what sourcing did to the shell. Each script of `testdata/sourcing` leaves the shell in some
 * state; what a run is for (output, files, calls with their sites, answers of the host, spies, variables) works after
 * it, again and again.
 */
describe('R1: what sourcing did to the shell', () => {
  it.each(scripts())('%s', async (name) => {
    const asked: string[] = [];
    const shell = defineShell({
      source: [`${FOLDER}probe.sh`, FOLDER + name],
      files: { '/srv': directory(), '/var/log': directory() },
      stubs: { '/usr/bin/systemctl': handle(({ args }) => { asked.push(args.join(' ')); return 'active\n'; }), stand_in: returns('stood in\n') },
    });
    for (const word of ['one', 'two']) {
      const run = await shell.given({ vars: { given: word } }).call('probe', word);
      expect(run).toSucceed();
      expect(run.stdout).toBe(`probe ${word}\nactive\nstood in\n`);
      expect(run).toHaveChanged({ '/srv/probed': file(`seen ${word}\n`), '/srv/by-a-subshell': directory() });
      expect(run.variable('made')).toEqual(name === 'odd-variables.sh' ? { 0: `${word} 0` } : `${word} 0`);
      expect(run.variable('given')).toBe(word);
      expect(run.allCalls.map(({ name: called, args, exitCode, site }) => [called, args, exitCode, site?.line, site?.function])).toEqual([
        ['/usr/bin/systemctl', ['status', word], 0, 6, 'probe'],
        ['stand_in', [word, 'two words'], 0, 10, 'probe'],
      ]);
    }
    expect(asked).toEqual(['status one', 'status two']);
  });

  it.each(scripts())('%s, and a spy on a function in a process of its own', async (name) => {
    const shell = defineShell({
      source: [`${FOLDER}probe.sh`, FOLDER + name],
      files: { '/srv': directory(), '/var/log': directory() },
      stubs: { '/usr/bin/systemctl': returns('active\n'), stand_in: spy() },
    });
    const run = await shell.given({ process: 'fresh' }).call('probe', 'one');
    expect(run).toSucceed();
    expect(run.stdout).toBe('probe one\nactive\nthe real one\n');
    expect(run.calls('stand_in').map(({ args, exitCode, site }) => [args, exitCode, site?.line])).toEqual([[['one', 'two words'], 0, 10]]);
  });
});



function scripts(): string[] {
  return readdirSync(FOLDER).filter((name) => name !== 'probe.sh');
}
