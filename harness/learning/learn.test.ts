import { describe, expect, it } from 'vitest';
import { StrictError } from '../diagnostics/strict-error.js';
import { MissingArgument, UnknownFunction } from './learn.js';
import { recorded, setUp } from './recordings.fixture.js';

const functions = (name: string, args: readonly string[] = [], more = {}) => recorded('functions.sh', name, args, more);

describe.concurrent('a script as a whole', () => {
  it('runs as a process of its own', async ({ expect }) => {
    const { spec, summary } = await recorded('whole.sh', undefined, ['--now', 'x'], { files: { '/srv/app': undefined }, env: { APP_HOME: '/srv' } });
    expect(spec).toMatchInlineSnapshot(`
      "// Recorded by \`shellrig record\`: what it did, which need not be what it should do.
      // Each \`_\` is for you to fill in: what the command answers, or what the variable holds.
      import { describe, expect, it } from 'vitest';
      import { _, defineShell, directory } from 'shellrig';
      import whole from './whole.sh';

      const shell = defineShell({
        files: { '/srv/app': directory() },
        env: { APP_HOME: '/srv' },
        stubs: {
          // service app reload
          service: _,
        },
      });

      describe('whole.sh', () => {
        it('does what it did when it was recorded', async () => {
          const run = await shell.exec(whole, '--now', 'x');

          expect(run).toSucceed();
          expect(run).toHaveCalled('service', 'app', 'reload');
          expect(run).toHaveChangedOnly({});
          expect(run.stdout).toBe('2 arguments, first --now, for /srv\\n');
          expect(run.stderr).toBe('');
        });
      });
      "
    `);
    expect(summary).toContain('exit code 0, 1 call, 0 changes');
  });

  it('dash has its own words for what is unset and not there', async ({ expect }) => {
    const { spec, summary } = await recorded('whole.sh', undefined, ['one']);
    expect(setUp(spec)).toContain('env: { APP_HOME: _ }');
    expect(summary).toContain('/srv/app/ was not there: --file /srv/app/ gives it');
    expect(summary).toContain('might look for, and not there: systemctl; --stub NAME has one be there');
  });

  it('of a script that only defines functions they are told', async ({ expect }) => {
    expect((await recorded('helpers.sh', undefined)).summary).toContain('it only defines functions: log_line');
  });
});

describe.concurrent('what cannot be recorded', () => {
  it('a function that is not there', async ({ expect }) => {
    await expect(functions('restart')).rejects.toThrow(UnknownFunction);
    await expect(functions('restart')).rejects.toThrow("There is no function 'restart' in this shell, and no command of that name. Did you mean 'restarts'?");
  });

  it.each([
    ['returns-early.sh', 'too_late', /returns-early\.sh:4 defines it, but the script may have returned before that, at line 3\.$/m],
    ['conditional.sh', 'if_asked', /conditional\.sh:4 defines it, but only under a condition, or in a shell of its own\.$/m],
    ['conditional.sh', 'inner', /conditional\.sh:7 defines it, inside outer, which nothing had called\.$/m],
  ])('a function that %s defines, and that is not there: %s', async (script, name, reason) => {
    const error = await recorded(script, name).catch((thrown: unknown) => thrown as Error);
    expect(error).toBeInstanceOf(UnknownFunction);
    expect((error as Error).message).toMatch(reason);
    expect((error as Error).message).not.toContain('Did you mean');
  });

  it('one that reads an argument which is not given', async ({ expect }) => {
    await expect(functions('needs_an_argument', ['one'])).rejects.toThrow(MissingArgument);
    await expect(functions('needs_an_argument', ['one'])).rejects.toThrow('it reads $2, which the command line does not give');
  });

  it('one that waits for ever for what a command says', async ({ expect }) => {
    expect(setUp((await functions('waits', [], { time: '3s' })).spec)).toContain("backend: _,\n  },\n  limits: { time: '3s' },");
    await expect(functions('waits_for_ever', [], { time: '3s' })).rejects.toMatchObject({ code: 'limit-time' });
    expect((await functions('waits_for_ever', [], { answers: { backend: { stdout: 'yes\n', exitCode: 0 } } })).spec).toContain('toSucceed');
  });

  it('a script that cannot be sourced', async ({ expect }) => {
    await expect(recorded('ends.sh', 'f')).rejects.toThrow(StrictError);
  });
});
