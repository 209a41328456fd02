import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirSync } from 'tmp-promise';
import { defineShell, file } from 'shellrig';
import { afterAll, describe, expect, it } from 'vitest';

const folder = dirSync({ unsafeCleanup: true });
const script = join(folder.name, 'windows.sh');
writeFileSync(script, '#!/bin/bash\r\nset -u\r\ngreet() { echo hello; }\r\n');
afterAll(() => folder.removeCallback());

const shell = defineShell();

describe('a script whose lines end as on Windows', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['sourced by the shell', () => defineShell({ source: [script] }).call('true')],
    ['run', () => shell.exec(script)],
    ['sourced', () => shell.source(script)],
  ])('is told of, with what mends it: %s', async (_, run) => {
    await expect(run()).rejects.toThrow(/the lines of the script .*windows\.sh end as on Windows \(CRLF\), .* Mend it: sed -i 's\/\\r\$\/\/' .*windows\.sh$/);
  });

  it('is told of when the spec itself gives it', async () => {
    const given = shell.given({ files: { '/a.sh': file('#!/bin/bash\r\necho\r\n', { mode: 0o755 }) } });
    await expect(given.exec('/a.sh')).rejects.toThrow('the lines of the script /a.sh end as on Windows (CRLF)');
    await expect(given.source('/a.sh')).rejects.toThrow('Give it with \\n at the end of each line.');
  });

  it('is told of when another script runs it', async () => {
    const given = shell.given({ files: { '/a.sh': file('#!/bin/bash\r\necho\r\n', { mode: 0o755 }) } });
    const run = given.call('eval', '/a.sh');
    await expect(run).rejects.toThrow("The script called '/bin/bash\\r', which ends in a carriage return: the line that names it ends as on Windows (CRLF).");
    await expect(run).rejects.toThrow("sed -i 's/\\r$//' FILE");
  });

  it('may hold carriage returns elsewhere', async () => {
    const run = await shell.given({ files: { '/a.sh': "#!/bin/bash\nprintf 'GET / HTTP/1.0\r\n'\n" } }).source('/a.sh');
    expect(run.record.stdout.toString()).toBe('GET / HTTP/1.0\r\n');
  });
});
