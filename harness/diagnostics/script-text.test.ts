import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { scriptLines } from './script-text.js';

const hostPaths = new Map([['/s/traced.sh', fileURLToPath(new URL('testdata/traced.sh', import.meta.url))], ['/s/gone.sh', '/nowhere/gone.sh']]);
const written = (content: string | Uint8Array) => ({ kind: 'file' as const, mode: 0o644, owner: '0:0', content: Buffer.from(content as Uint8Array) });
const tree = new Map([['/tmp/a.sh', written('one\ntwo\n')], ['/tmp/binary', written(Buffer.from([0xff, 0, 0xfe]))]]);

it.each([
  ['a script of the host', '/s/traced.sh', '#!/bin/bash'],
  ['a script that the run wrote', '/tmp/a.sh', 'one'],
  ['nothing of a script that vanished', '/s/gone.sh', undefined],
  ['nothing of what is no text', '/tmp/binary', undefined],
  ['nothing of what is not there', '/tmp/b.sh', undefined],
])('reads %s', (_, path, first) => {
  expect(scriptLines(path, hostPaths, tree)?.[0]).toBe(first);
});
