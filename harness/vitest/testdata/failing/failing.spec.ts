import { describe, expect, it } from 'vitest';
import { any, defineShell, eventsFrom, exits, file, handle, when } from 'shellrig';
import broken from './broken.bash';
import exiting from './exits.sh';
import lib from './lib.sh';
import waiting from './waits.sh';

const shell = defineShell({
  source: [lib],
  files: { '/etc/unit': '[Unit]\nDescription=web\n' },
  stubs: { systemctl: exits(0) },
  events: eventsFrom('/events/*.json'),
});

describe('what a script may not do unsaid', () => {
  it('undeclared command', async () => {
    const run = await shell.call('download', 'http://packages/a');
    expect(run).toSucceed();
  });

  it('leftover process', async () => {
    const run = await shell.call('leave_behind');
    expect(run).toSucceed();
  });

  it('time limit', async () => {
    const run = await shell.given({ limits: { time: '300ms' } }).call('compute_for_ever');
    expect(run).toSucceed();
  });

  it('output limit', async () => {
    const run = await shell.given({ limits: { output: '20kB' } }).call('print_for_ever');
    expect(run).toSucceed();
  });

  it('unbound variable', async () => {
    const run = await shell.call('use_unset');
    expect(run).toExit(1);
  });

  it('integer expected', async () => {
    const run = await shell.call('compare', 'four');
    expect(run).toSucceed();
  });

  it('syntax error while sourcing', async () => {
    const run = await defineShell({ source: [broken] }).call('first');
    expect(run).toSucceed();
  });

  it('exit while sourcing', async () => {
    const run = await defineShell({ source: [exiting] }).call('greet');
    expect(run).toSucceed();
  });

  it('waiting for ever while sourcing', async () => {
    const run = await defineShell({ source: [waiting], clock: 'real', limits: { time: '300ms' } }).call('greet');
    expect(run).toSucceed();
  });
});

describe('what a spec may not leave unsaid', () => {
  it('exit code that nobody looked at', async () => {
    await shell.given({ stubs: { systemctl: when(['restart', any]).exits(1).otherwise(exits(0)) } }).call('deploy', 'web');
  });

  it('run that nobody awaited', () => {
    void shell.call('greet', 'you');
  });

  it('stub that nobody called', async () => {
    const run = await shell.given({ stubs: { curl: exits(22) } }).call('greet', 'you');
    expect(run).toSucceed();
  });
});

describe('what did not come true', () => {
  it('exit code', async () => {
    const run = await shell.given({ stubs: { systemctl: when(['restart', any]).complains('no such unit\n').exits(5).otherwise(exits(0)) } }).call('deploy', 'web');
    expect(run).toSucceed();
  });

  it('printed text', async () => {
    const run = await shell.call('greet', 'you');
    expect(run).toPrint('hello world');
  });

  it('content of a file', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveFile('/etc/systemd/system/web.service', '[Unit]\nDescription=mail\n');
  });

  it('mode of a file', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveFile('/etc/systemd/system/web.service', file('[Unit]\nDescription=web\n', { mode: 0o600 }));
  });

  it('place of a file', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveFile('/etc/systemd/web.service');
  });

  it('changes of the tree', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveChangedOnly({ '/etc/systemd/system/mail.service': file() });
  });

  it('arguments of a call', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveCalled('systemctl', 'reload', 'web');
  });

  it('order of calls', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveCalledInOrder([['systemctl', 'restart', 'web'], ['systemctl', 'daemon-reload']]);
  });

  it('call that should not be', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).not.toHaveCalled('systemctl', 'restart', 'web');
  });

  it('event', async () => {
    const run = await shell.call('emit');
    expect(run).toEmit({ task: 'deploy', ok: false });
  });
});

describe('what a spec got wrong', () => {
  it('name of a function', async () => {
    const run = await shell.call('gret', 'you');
    expect(run).toSucceed();
  });

  it('name of an option', async () => {
    const run = await shell.given({ stub: { curl: exits(0) } }).call('greet', 'you');
    expect(run).toSucceed();
  });

  it('value of a limit', async () => {
    const run = await shell.given({ limits: { time: '5' } }).call('greet', 'you');
    expect(run).toSucceed();
  });

  it('path of a script', async () => {
    const run = await defineShell({ source: ['./libs.sh'] }).call('greet', 'you');
    expect(run).toSucceed();
  });

  it('name of a tool', async () => {
    const run = await defineShell({ source: [lib], tools: ['sha512summ'] }).call('greet', 'you');
    expect(run).toSucceed();
  });

  it('calls of a tool', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run).toHaveCalled('install');
  });

  it('name of a stub', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run.calls('sytemctl')).toHaveLength(2);
  });

  it('promise instead of a run', async () => {
    expect(shell.call('greet', 'you')).toSucceed();
  });

  it('text instead of a run', async () => {
    const run = await shell.call('greet', 'you');
    expect(run.stdout).toSucceed();
  });

  it('handler that throws', async () => {
    const stubs = {
      systemctl: handle(({ args }) => {
        if (args[0] === 'restart') throw new Error('the handler knows no restart');
      }),
    };
    const run = await shell.given({ stubs }).call('deploy', 'web');
    expect(run).toSucceed();
  });

  it('variable of a script that ran by itself', async () => {
    const run = await shell.exec(lib);
    expect(run).toSucceed();
    expect(run.variable('unit')).toBe('web');
  });

  it('file that is not there', async () => {
    const run = await shell.call('deploy', 'web');
    expect(run.file('/etc/systemd/system/web.servce').text).toContain('web');
  });
});

describe('what a spec may leave unsaid, unless the plugin is told otherwise', () => {
  it('effects that nobody looked at', async () => {
    const run = await shell.call('eval', 'deploy web; emit; touch "$unset"');
    expect(run).toExit(1);
    expect(run).toHaveCalled('systemctl', 'daemon-reload');
  });
});

describe('what a script may not wait for', () => {
  it('wait that never ends', async () => {
    const run = await shell.call('wait_for_ever');
    expect(run).toSucceed();
  });
});
