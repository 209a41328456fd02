import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execaSync } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defineShell, filesFrom } from 'shellrig';

const folder = mkdtempSync(join(tmpdir(), 'shellrig-files-from-'));

beforeAll(() => {
  mkdirSync(join(folder, 'app/scripts'), { recursive: true });
  writeFileSync(join(folder, 'app/functions'), 'greet() { echo "hello $1"; }\n');
  writeFileSync(join(folder, 'app/scripts/run'), '#!/bin/bash\n. /usr/share/app/functions\ngreet "$1"\nno_such_command\n');
  chmodSync(join(folder, 'app/scripts/run'), 0o750);
  symlinkSync('scripts/run', join(folder, 'app/default'));
});

afterAll(() => rmSync(folder, { recursive: true }));

it('a folder of the host is given whole, with modes and links', async () => {
  const shell = defineShell({ files: filesFrom(join(folder, 'app'), '/usr/share/app'), allow: { commands: ['no_such_command'] } });
  const run = await shell.exec('/usr/share/app/default', 'you');
  expect(run).toExit(127);
  expect(run.stdout).toBe('hello you\n');
  const list = await shell.call('find', '/usr/share/app', '-printf', '%P %y %m %l\n');
  expect(list.stdout.split('\n').sort()).toEqual(['', ' d 755 ', 'default l 777 scripts/run', 'functions f 644 ', 'scripts d 755 ', 'scripts/run f 750 ']);
});

it('at its own path, and messages name the file of the host', async () => {
  const path = join(folder, 'app/scripts/run');
  const run = defineShell().given({ files: { ...filesFrom(folder), ...filesFrom(join(folder, 'app'), '/usr/share/app') } }).exec(path, 'you');
  await expect(run).rejects.toThrow('app/scripts/run:4 at top level');
});

it('what cannot be given is refused', () => {
  execaSync('mkfifo', [join(folder, 'fifo')]);
  expect(() => filesFrom(folder)).toThrow(`${folder}/fifo is neither a file, a directory nor a link`);
});
