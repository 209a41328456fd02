import { describe } from 'vitest';
import { defineShell } from 'shellrig';
import { sweepTwice } from 'shellrig/sweeps';
import restrict from '#node/ensure_imds_restriction.sh';
import { iptables } from '../support/iptables.js';

const shell = defineShell({ env: { ENABLE_IMDS_RESTRICTION: 'true', PRIMARY_NIC_IP: '10.224.0.4' }, stubs: { iptables } });

describe('the rule that keeps containers from the metadata', () => {
  sweepTwice('is put in place', () => shell.given({ allow: { unasserted: { calls: ['iptables'] } } }).exec(restrict));
});
