import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { any, at, called, defineShell, directory, every, exists, exits, file, handle, once, removed, StrictError, symlink } from 'shellrig';

const source = ['./testdata/waits.sh'];
const shell = defineShell({ source, stubs: { systemctl: exits(0), ready: exits(1) } });

describe('actors, by a virtual clock', () => {
  it('write, rename and remove at an instant', async () => {
    const run = await shell.given({ actors: [
      at('800ms', (world) => world.write({ '/run/ready.tmp': 'yes\n' })),
      at('2.2s', (world) => world.rename('/run/ready.tmp', '/run/ready')),
      at('2.5s', (world) => world.write({ '/run/late': '', '/run/folder': directory({ mode: 0o700 }) })),
      at('2.5s', (world) => world.remove('/run/late')),
    ] }).call('await_ready', '/run/ready', '10');
    expect(run.output).toBe('yes\n');
    expect(run.record.duration).toBe(2500);
    expect(run).toHaveSleptTimes('500ms', 5);
    expect(run).toHaveChangedOnly({ '/run/ready': 'yes\n', '/run/folder': directory({ mode: 0o700 }) });
  });

  it('have done what they do, one thing after the other, though nobody waits for it', async () => {
    const numbers = [1, 2, 3, 4, 5];
    for (let time = 0; time < 4; time += 1) {
      const run = await shell.given({ actors: [at('1s', (world) => {
        for (const number of numbers) void world.write({ [`/run/${number}`]: `${number}\n` });
        void world.rename('/run/5', '/run/6');
      })] }).call('bash', '-c', 'sleep 1; cat /run/[1-9]');
      expect(run.output).toBe('1\n2\n3\n4\n5\n');
      expect(run.timeline.toString()).toMatch(/write \/run\/1\n.*write \/run\/2\n.*write \/run\/3\n.*write \/run\/4\n.*write \/run\/5\n.*rename \/run\/5 \/run\/6\n/);
    }
  });

  it('fail where what nobody waits for fails, and not where somebody has looked after that', async () => {
    await expect(shell.given({ actors: [at('1s', (world) => { void world.rename('/nope', '/run/x'); })] }).call('sleep', '2')).rejects.toThrow("rename('/nope', '/run/x'): cannot stat");
    const looked = await shell.given({ actors: [at('1s', (world) => world.rename('/nope', '/run/x').catch(() => world.write({ '/run/some': '' })))] }).call('bash', '-c', 'sleep 2; ls /run/some');
    expect(looked.output).toBe('/run/some\n');
  });

  it('act again and again, and see what time it is', async () => {
    const times: number[] = [];
    const run = await shell.given({ actors: [every('1s', ({ time }) => { times.push(time); })] }).call('sleep', '3.5');
    expect(run.exitCode).toBe(0);
    expect(times).toEqual([1000, 2000, 3000]);
  });

  it('act before those who wake at the same instant', async () => {
    const run = await shell.given({ actors: [at('2s', (world) => world.write({ '/run/x': '' }))] }).call('bash', '-c', 'sleep 2; [[ -e /run/x ]] && echo there');
    expect(run.output).toBe('there\n');
  });

  it('act once when a stub was called, or a file is there', async () => {
    const run = await shell.given({ actors: [
      once(called('systemctl', 'start', any), (world) => world.write({ '/run/started': 'yes\n' })),
      once(exists('/var/run/started'), (world) => world.write({ '/run/ready': `${world.time}\n` })),
    ] }).call('bash', '-c', 'sleep 3; systemctl enable a; sleep 1; systemctl start a; until [[ -e /run/ready ]]; do sleep 1; done; cat /run/ready; echo $SECONDS');
    expect(run.output).toBe('4000\n5\n');
  });

  it('wake who waits for nothing else', async () => {
    const run = await shell.given({ actors: [at('5s', (world) => world.signal('TERM', 'tail'))] }).call('bash', '-c', 'touch /tmp/log; tail --retry /tmp/log -f 2>/dev/null; echo $? $SECONDS');
    expect(run.stdout).toBe('143 5\n');
  });

  it('change what a stub answers', async () => {
    let answer = 'starting\n';
    const run = await shell.given({ stubs: { state: handle(() => answer) }, actors: [at('2500ms', () => { answer = 'running\n'; })] })
      .call('bash', '-c', 'until [[ $(state) == running ]]; do sleep 1; done; echo $SECONDS');
    expect(run.output).toBe('3\n');
  });

  it('listen on sockets, and answer', async () => {
    const run = await defineShell({ tools: ['curl'] }).given({ actors: [
      at('3s', (world) => world.listen({ path: '/run/app.sock' }, 'HTTP/1.0 200 OK\r\n\r\nby a path\n')),
      at('3s', (world) => world.listen({ port: 8080 }, 'HTTP/1.0 200 OK\r\n\r\nby a port\n')),
    ] }).call('bash', '-c', 'until [[ -S /run/app.sock ]]; do sleep 1; done; curl -sS --unix-socket /run/app.sock http://app/; curl -sS http://127.0.0.1:8080/x; curl -sS http://127.0.0.1:8080/y; echo $EPOCHREALTIME; rm /run/app.sock');
    expect(run.output).toBe('by a path\nby a port\nby a port\n1893456003.000000\n');
    expect(run).toHaveChangedOnly({});
  });

  it.each(['virtual', 'real'] as const)('leave the same, whether process 1 acts for them or they enter the sandbox: by the %s clock', async (clock) => {
    const odd = "/srv/an 'odd'\nname\u00e9";
    const files = { '/srv/open': 'as it was\n', '/srv/target': 'kept\n', '/srv/link': symlink('target'), '/srv/dir/a': '', '/srv/dir/b/c': '' };
    const there = defineShell({ clock, files });
    const large = file(Buffer.alloc(300_000, 'x'));
    const run = await there.given({ actors: [at('100ms', async (world) => {
      await Promise.all([
        world.write({ '/srv/open': file(Buffer.from('a\0b\n'), { mode: 0o4750, owner: '1001:1002' }), '/srv/link': 'a file\n', '/srv/new/below': file('', { mode: 0o600 }) }),
        world.write({ [odd]: 'odd\n' }),
      ]);
      await world.remove('/srv/dir');
      await world.remove('/srv/nothing');
      await world.write({ '/srv/here': directory({ mode: 0o700 }), '/srv/here/x': large });
      await world.rename('/srv/here/x', '/srv/x');
      await world.rename('/srv/x', '/dev/shm/x');
    })] }).call('bash', '-c', 'exec 7</srv/open; until [[ -e /dev/shm/x ]]; do sleep 0.05; done; cat <&7');
    expect(run.output).toBe('as it was\n');
    expect(run).toHaveChangedOnly({
      '/srv/open': file(Buffer.from('a\0b\n'), { mode: 0o4750, owner: '1001:1002' }), '/srv/link': file('a file\n'), '/srv/new': directory(), '/srv/new/below': file('', { mode: 0o600 }),
      [odd]: 'odd\n', '/srv/dir': removed, '/srv/dir/a': removed, '/srv/dir/b': removed, '/srv/dir/b/c': removed, '/srv/here': directory({ mode: 0o700 }), '/dev/shm/x': large,
    });
    await expect(there.given({ actors: [at('1ms', (world) => world.rename('/srv/target', '/srv/dir'))] }).call('sleep', '0.2')).rejects.toThrow('/srv/dir');
    await expect(there.given({ actors: [at('1ms', (world) => world.write({ '/srv/dir': 'a file\n' }))] }).call('sleep', '0.2')).rejects.toThrow('srv/dir');
  });

  it('cannot listen everywhere', async () => {
    await expect(shell.given({ actors: [at('1s', (world) => world.listen({ path: '/nowhere/x' }))] }).call('sleep', '5')).rejects.toThrow('listen({"path":"/nowhere/x"}): ENOENT');
    await expect(shell.given({ actors: [at('1s', async (world) => { await world.listen({ port: 80 }); await world.listen({ port: 80 }); })] }).call('sleep', '5')).rejects.toThrow('listen({"port":80}): EADDRINUSE');
    await expect(defineShell({ clock: 'real' }).given({ actors: [at('1ms', (world) => world.listen({ port: 80 }))] }).call('sleep', '5')).rejects.toThrow('listen(): only by a virtual clock');
  });

  it('cost the machine nothing while they take their time', async () => {
    // Words 14 and 15 of the line are the time on a processor, in hundredths of a second (proc(5)); process 1 conducts.
    const text = 'spent() { words=($(</proc/1/stat)); spent=$((words[13] + words[14])); }; spent; before=$spent; sleep 1; spent; echo $((spent - before))';
    const run = await shell.given({ actors: [at('500ms', () => setTimeout(600))] }).call('bash', '-c', text);
    expect(Number(run.output)).toBeLessThan(15);
  });

  it('fail the run with what they throw', async () => {
    await expect(shell.given({ actors: [at('1s', () => { throw new Error('of an actor'); })] }).call('sleep', '5')).rejects.toThrow('of an actor');
    await expect(shell.given({ actors: [at('1s', (world) => world.signal('TERM', 'nobody'))] }).call('sleep', '5')).rejects.toThrow("signal('TERM', 'nobody'): there is no process of that name");
    expect((await shell.call('sleep', '5')).exitCode).toBe(0);
  });

  it('that will still act keep a run from waiting for ever', async () => {
    const error: unknown = await shell.given({ actors: [at('5s', () => {}), once(exists('/never'), () => {})] }).call('bash', '-c', 'mkfifo /tmp/f; read -r line </tmp/f').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StrictError);
    expect(error).toMatchObject({ code: 'waits-for-ever' });
  });

  it('are refused where they cannot be meant', () => {
    expect(() => at('soon', () => {})).toThrow('at(): the time is a number with ms, s, m or h');
    expect(() => every('0s', () => {})).toThrow('every(): the span is more than nothing');
    expect(() => once('x' as never, () => {})).toThrow('once(): the condition is a function');
    expect(() => exists('run/x')).toThrow('absolute');
    expect(() => at('1s', 'x' as never)).toThrow('at(): what it does is a function');
    expect(() => shell.given({ actors: ['x' as never] })).toThrow("given: actors");
  });

  it('are refused before the run where they wait for a call that nobody would record', async () => {
    const wait = (name: string) => shell.given({ actors: [once(called(name, 'start', any), () => {})] }).call('bash', '-c', 'echo ran >&2; exit 3').then(() => undefined, (error: unknown) => error);
    const undeclared = await wait('systemctrl');
    expect(undeclared).toBeInstanceOf(StrictError);
    expect(undeclared).toMatchObject({ code: 'not-recorded' });
    expect((undeclared as Error).message).toMatchInlineSnapshot(`
      "'systemctrl' is not declared in this shell: its calls are not recorded. Did you mean 'systemctl'?

        Declare it as a spy, which records calls and lets the real one do the work:
          stubs: { 'systemctrl': real() }   or, for a shell function: spy()

        Recorded are: ready, systemctl

        An actor waits for \`systemctrl start any\`, by once(called(...), ...), and would never act."
    `);
    expect(await wait('cat')).toMatchObject({ message: expect.stringContaining("'cat' is a tool: its calls are not recorded.") });
    expect(await shell.given({ stubs: { later: exits(0) }, actors: [once(called('later'), () => {})] }).call('later')).toHaveCalled('later');
  });
});

describe('actors, by the real clock', () => {
  it('act at an instant, and when something has come to be', async () => {
    const run = await defineShell({ source, clock: 'real' }).given({ actors: [
      at('50ms', (world) => world.write({ '/run/first': '' })),
      once(exists('/run/first'), async (world) => { await world.write({ '/run/ready': 'yes\n' }); await world.remove('/run/first'); }),
    ] }).call('await_ready', '/run/ready', '10');
    expect(run.output).toBe('yes\n');
    expect(run).toHaveChangedOnly({ '/run/ready': 'yes\n' });
  });
});
