import { describe, expect, it } from 'vitest';
import { defineShell, exits } from 'shellrig';
import { definedExitCodes } from 'shellrig/invariants';
import restrict from '#node/ensure_imds_restriction.sh';
import { iptables } from '../support/iptables.js';

const RULE = "FORWARD ! -s 10.224.0.4 -d 169.254.169.254/32 -p tcp --dport 80 -m comment --comment the metadata of the machine is not for containers -j DROP";
const shell = defineShell({
  env: { PRIMARY_NIC_IP: '10.224.0.4' },
  stubs: { iptables },
  invariants: [definedExitCodes([1])],
});

/** Whether containers are kept from the metadata, in which table, and what is there before. */
const CASES: readonly (readonly [string, Record<string, string>, Record<string, number>, Record<string, number>])[] = [
  ['is dropped before all others', { ENABLE_IMDS_RESTRICTION: 'true', INSERT_IMDS_RESTRICTION_RULE_TO_MANGLE_TABLE: 'true' }, {}, { filter: 0, mangle: 1 }],
  ['is dropped where packets usually are', { ENABLE_IMDS_RESTRICTION: 'true' }, {}, { filter: 1, mangle: 0 }],
  ['is dropped once, however often kubelet starts', { ENABLE_IMDS_RESTRICTION: 'true' }, { filter: 1 }, { filter: 1, mangle: 0 }],
  ['is dropped in one table, where an earlier start had another', { ENABLE_IMDS_RESTRICTION: 'true' }, { mangle: 2 }, { filter: 1, mangle: 0 }],
  ['goes through', { ENABLE_IMDS_RESTRICTION: 'false' }, {}, { filter: 0, mangle: 0 }],
  ['goes through again', {}, { filter: 1, mangle: 1 }, { filter: 0, mangle: 0 }],
];

describe('what containers ask of the machine\'s metadata', () => {
  it.each(CASES)('%s (%j, before: %j)', async (_, env, before, after) => {
    const files = Object.fromEntries(Object.entries(before).map(([table, count]) => [`/run/rules.${table}`, `${RULE}\n`.repeat(count)]));
    const run = await shell.given({ env, files, allow: { unasserted: { calls: ['iptables'] } } }).exec(restrict);

    expect(run).toSucceed();
    expect(Object.fromEntries(Object.keys(after).map((table) => [table, run.file(`/run/rules.${table}`).text]))).toEqual(Object.fromEntries(Object.entries(after).map(([table, count]) => [table, `${RULE}\n`.repeat(count)])));
  });

  it('is not left to them where it cannot be dropped: kubelet does not start', async () => {
    const run = await shell.given({ env: { ENABLE_IMDS_RESTRICTION: 'true' }, stubs: { iptables: exits(4) } }).exec(restrict);

    expect(run).toExit(1);
    expect(run).toPrint('containers could not be kept from the machine\'s metadata\n', { on: 'stderr' });
    expect(run).toHaveCalled('iptables', '-w', '10', '-t', 'filter', '-I', 'FORWARD', '1', '!', '-s', '10.224.0.4', '-d', '169.254.169.254/32', '-p', 'tcp', '--dport', '80', '-m', 'comment', '--comment', 'the metadata of the machine is not for containers', '-j', 'DROP');
    expect(run.calls('iptables').map(({ args }) => args[4])).toEqual(['-C', '-I']);
  });
});
