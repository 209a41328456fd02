import { describe, expect, it } from 'vitest';
import { bash, defineShell, exits, returns, type Given } from 'shellrig';
import ensure from '#node/ensure-no-dup.sh';

/** An ebtables that keeps each chain in a file; a chain is there when its file is. */
const ebtables = bash(`
  command=$3 chain=$4
  case $command in
    -N) [ ! -e /run/chain.$chain ] && : >/run/chain.$chain ;;
    -F) [ -e /run/chain.$chain ] && : >/run/chain.$chain ;;
    -A) printf '%s\\n' "\${*:5}" >>/run/chain.$chain ;;
    -L) [ -e /run/chain.$chain ] || exit 255; printf 'Bridge table: filter\\n\\nBridge chain: %s, entries: 0, policy: ACCEPT\\n' $chain; sed 's/$/ /' /run/chain.$chain ;;
  esac
`);
const ACCEPT = '-p IPv4 -s 0a:58:0a:f4:00:01 -o veth+ --ip-src 10.244.0.1 -j ACCEPT';
const DROP = '-p IPv4 -s 0a:58:0a:f4:00:01 -o veth+ --ip-src 10.244.0.0/24 -j DROP';
const CHAIN = '/run/chain.AKS-DEDUP-PROMISC';
const OUTPUT = '/run/chain.OUTPUT';

const NETWORKS = '/etc/cni/net.d/10-containerd-net.conflist';
const networks = JSON.stringify({ plugins: [{ type: 'bridge', ipam: { ranges: [[{ subnet: '10.244.0.0/24' }]] } }] });
const ADDRESS = '/sys/class/net/cbr0/address';

/** A node whose bridge is there. */
const node = defineShell({
  tools: ['jq'],
  files: { [ADDRESS]: '0a:58:0a:f4:00:01\n', [NETWORKS]: networks, [OUTPUT]: '' },
  stubs: { ebtables, ip: returns('[{"addr_info":[{"local":"10.244.0.1"}]}]\n') },
  allow: { unasserted: { calls: ['ip', ['ebtables', '-t', 'filter', '-L', 'OUTPUT'], ['ebtables', '-t', 'filter', '-L', 'AKS-DEDUP-PROMISC', '--Lmac2']] } },
});

describe('packets that the bridge hears of its own', () => {
  it('are dropped on their way to containers, but for what the bridge itself says', async () => {
    const run = await node.exec(ensure);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [CHAIN]: `${ACCEPT}\n${DROP}\n`, [OUTPUT]: '-j AKS-DEDUP-PROMISC\n' });
    expect(run.calls('ebtables').map(({ args }) => args[2])).toEqual(['-L', '-N', '-A', '-A', '-L', '-A']);
  });

  it('are left to the rules that are there', async () => {
    const run = await node.given({ files: { [CHAIN]: `${ACCEPT}\n${DROP}\n`, [OUTPUT]: '-j AKS-DEDUP-PROMISC\n' } }).exec(ensure);

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
  });

  it('meet new rules where the bridge has another address', async () => {
    const run = await node.given({ files: { [CHAIN]: `${ACCEPT.replace('10.244.0.1', '10.9.0.1')}\n${DROP}\n`, [OUTPUT]: '-j AKS-DEDUP-PROMISC\n' } }).exec(ensure);

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [CHAIN]: `${ACCEPT}\n${DROP}\n` });
    expect(run.calls('ebtables').map(({ args }) => args[2])).toEqual(['-L', '-N', '-F', '-A', '-A', '-L']);
  });

  it('meet no half of them: it fails, and says at which', async () => {
    const run = await node.given({ stubs: { ebtables: bash('[ "$3" != -A ]') } }).exec(ensure);

    expect(run).toExit(1);
    expect(run).toPrint(`the rule could not be added: ${ACCEPT}\n`, { on: 'stderr' });
    expect(run).not.toHaveCalled('ebtables', '-t', 'filter', '-A', 'OUTPUT', '-j', 'AKS-DEDUP-PROMISC');
    expect(run.calls('ebtables').map(({ args }) => args[2])).toEqual(['-L', '-N', '-A']);
  });
});

describe('there is nothing to do yet', () => {
  it('without a bridge', async () => {
    const run = await defineShell().exec(ensure);

    expect(run).toSucceed();
    expect(run.stdout).toBe('there is no cbr0 yet, nothing to do\n');
  });

  it.each<[string, Given, string]>([
    ['without an address of it', { stubs: { ip: returns('[]\n') } }, '(subnet: 10.244.0.0/24, address: none)'],
    ['without a network', { files: { [NETWORKS]: '{}' } }, '(subnet: none, address: 10.244.0.1)'],
    ['where neither can be told', { files: { [NETWORKS]: '{}' }, stubs: { ip: exits(1) } }, '(subnet: none, address: none)'],
  ])('%s', async (_, given, said) => {
    const run = await node.given(given).exec(ensure);

    expect(run).toSucceed();
    expect(run.stdout).toBe(`the network of cbr0 is not known yet ${said}\n`);
    expect(run).not.toHaveCalled('ebtables');
    expect(run).not.toHaveChanged();
  });
});
