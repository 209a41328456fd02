import { at, defineShell, type ActorWorld } from 'shellrig';
import { describe, expect, it } from 'vitest';

const messageOf = (run: PromiseLike<unknown>) => run.then(() => undefined, (error: unknown) => (error as Error).message);

/** A failure tells what was asked for and why that cannot be, in the same words each time: a sweep tells alike ones once. */
describe.each(['virtual', 'real'] as const)('what an actor cannot do, by the %s clock', (clock) => {
  const shell = defineShell({ clock, files: { '/srv/file': '', '/srv/dir/a': '' } });

  it.each<[string, (world: ActorWorld) => Promise<void>, string]>([
    ['rename what is not there', (world) => world.rename('/nope', '/run/x'), "rename('/nope', '/run/x'): cannot stat '/nope': No such file or directory"],
    ['rename to where there is no directory', (world) => world.rename('/srv/file', '/nope/x'), "rename('/srv/file', '/nope/x'): cannot move '/srv/file' to '/nope/x': No such file or directory"],
    ['rename over a directory', (world) => world.rename('/srv/file', '/srv/dir'), "rename('/srv/file', '/srv/dir'): cannot overwrite directory '/srv/dir' with non-directory"],
    ['write over a directory', (world) => world.write({ '/srv/dir': 'a file\n' }), 'write(): srv/dir: Cannot open: File exists'],
    ['write below a file', (world) => world.write({ '/srv/file/below': '' }), 'write(): srv/file/below: Cannot open: Not a directory'],
  ])('%s', async (_, act, message) => {
    expect(await messageOf(shell.given({ actors: [at('1ms', act)] }).call('sleep', '2'))).toBe(message);
  });

  // Which error it is hangs on who runs the tests.
  it("remove what is the kernel's", async () => {
    expect(await messageOf(shell.given({ actors: [at('1ms', (world) => world.remove('/proc/1/status'))] }).call('sleep', '2'))).toMatch(/^remove\('\/proc\/1\/status'\): cannot remove '\/proc\/1\/status': (?:Operation not permitted|Permission denied)$/);
  });
});
