import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { fileFrom } from 'shellrig';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

it('takes a path relative to the file that calls it, and keeps it absolute', () => {
  expect(fileFrom('./entry.ts')).toMatchObject({ from: here('entry.ts') });
  expect(fileFrom('../index.ts', { mode: 0o600 })).toMatchObject({ from: here('../index.ts'), mode: 0o600 });
  expect(fileFrom(here('entry.ts'))).toMatchObject({ from: here('entry.ts') });
  expect([1].map(() => fileFrom('./entry.ts'))).toMatchObject([{ from: here('entry.ts') }]);
});

it('names a file that is not there as it was written', () => {
  expect(() => fileFrom('./nowhere')).toThrow("no such file or directory, open './nowhere'");
});
