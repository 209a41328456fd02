import { describe, expect, it } from 'vitest';
import { fabricatedRecord, site, SCRIPT } from '../matchers/record.fixture.js';
import { codeFrame } from './code-frame.js';
import { fromHere, placeText, scriptPath } from './place.js';
import { indented, whereText } from './where.js';

const { hostPaths } = fabricatedRecord().context;

describe('placeText', () => {
  it('names the script on the host, relative to the working directory', () => {
    expect(placeText(site(3, 'f'), hostPaths)).toBe('harness/matchers/install.fixture.sh:3 in function f');
    expect(placeText(site(3, 'main'), hostPaths)).toBe('harness/matchers/install.fixture.sh:3 at top level');
    expect(scriptPath('/tmp/made.sh', hostPaths)).toBe('/tmp/made.sh');
    expect(fromHere(process.cwd())).toBe('.');
    expect(fromHere('/usr/bin/ldd')).toBe('/usr/bin/ldd');
  });
});

describe('codeFrame', () => {
  it('shows three lines on either side, fewer at the ends', () => {
    expect(codeFrame(site(2, 'main'), hostPaths)).toMatchInlineSnapshot(`
      "  1| #!/bin/bash
      > 2| # A small installer: the script that the fabricated runs of the matchers' tests claim to have executed.
        3|
        4| installTool() {
        5|   local name=$1 version=$2"
    `);
    expect(codeFrame(site(17, 'main'), hostPaths)).toMatchInlineSnapshot(`
      "  14| fetchTool() {
        15|   curl -fsS "http://packages/\${1}_\${2}" -o "/opt/bin/\${1}" || return 22
        16|   chmod 755 "/opt/bin/\${1}"
      > 17| }"
    `);
  });

  it('is not there for a line or a script that is not', () => {
    expect(codeFrame(site(99, 'main'), hostPaths)).toBeUndefined();
    expect(codeFrame({ file: '/gone.sh', line: 1, function: 'main' }, new Map([['/gone.sh', '/nowhere/gone.sh']]))).toBeUndefined();
  });

  it('reads scripts that exist in the sandbox only', () => {
    expect(codeFrame({ file: '/tmp/made.sh', line: 2, function: 'main' }, hostPaths, (path) => (path === '/tmp/made.sh' ? `one\n\ttwo${'o'.repeat(200)}` : undefined))).toBe(`  1| one\n> 2|   two${'o'.repeat(155)}…`);
  });
});

describe('whereText', () => {
  it('counts callers that are too many', () => {
    const stack = Array.from({ length: 12 }, (_, index) => ({ file: '/x.sh', line: index + 1, function: 'again' }));
    expect(whereText(stack, hostPaths)).toMatchInlineSnapshot(`
      "at /x.sh:1 in function again
      called from /x.sh:2 in function again
      called from /x.sh:3 in function again
      called from /x.sh:4 in function again
      called from /x.sh:5 in function again
      called from /x.sh:6 in function again
      called from /x.sh:7 in function again
      called from /x.sh:8 in function again
      called from /x.sh:9 in function again
      and 3 more callers"
    `);
  });

  it('is nothing for an empty stack', () => {
    expect(whereText([], hostPaths)).toBeUndefined();
    expect(whereText([{ file: SCRIPT, line: 99, function: 'f' }], hostPaths)).toBe('at harness/matchers/install.fixture.sh:99 in function f');
  });
});

describe('indented', () => {
  it('leaves empty lines empty', () => {
    expect(indented('a\n\nb')).toBe('  a\n\n  b');
  });
});
