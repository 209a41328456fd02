import { describe, expect, it } from 'vitest';
import { at, bash, defineShell, directory, exits, file, removed, returns, type Given } from 'shellrig';
import { definedExitCodes } from 'shellrig/invariants';
import localdns from '#node/localdns.sh';

const DIRECTORY = '/opt/azure/containers/localdns';
const COREDNS = `${DIRECTORY}/binary/coredns`;
const COREFILE = `${DIRECTORY}/localdns.corefile`;
const RUNNING = `${DIRECTORY}/updated.localdns.corefile`;
const RESOLV = '/run/systemd/resolve/resolv.conf';
const DROP_IN = '/run/systemd/network/10-netplan-eth0.network.d/70-localdns.conf';

/** Rules of iptables, one a line. */
const RULES = '/run/rules';
const iptables = bash(`
  touch ${RULES}
  case $5 in
    -C) grep -Fxq -- "\${*:6}" ${RULES} ;;
    -A) echo "\${*:6}" >>${RULES} ;;
    -D) kept=$(grep -Fxv -- "\${*:6}" ${RULES}); echo -n "\${kept:+$kept
}" >${RULES} ;;
  esac
`);
/** Interfaces of the machine, each with its addresses. */
const INTERFACE = '/run/interface.localdns';
const ip = bash(`
  case "$*" in
    'link add name localdns type dummy') [ ! -e ${INTERFACE} ] && : >${INTERFACE} ;;
    'link show dev localdns') [ -e ${INTERFACE} ] ;;
    'link del name localdns') rm ${INTERFACE} ;;
    'link set up dev localdns') ;;
    'addr add '*) echo "$3" >>${INTERFACE} ;;
    *) exit 1 ;;
  esac
`);

const TRACKED = ['OUTPUT', 'PREROUTING'].flatMap((chain) => ['169.254.10.10', '169.254.10.11'].flatMap((address) => ['tcp', 'udp'].map((protocol) => `${chain} -p ${protocol} -d ${address} --dport 53 -j NOTRACK\n`))).join('');

/** A node on which CoreDNS answers from its third second on, and serves until it is ended. */
const node = defineShell({
  files: {
    [COREFILE]: '.:53 {\n  forward . 168.63.129.16\n}\n',
    [RESOLV]: 'nameserver 169.254.10.10\nnameserver 10.0.0.53\nsearch example\nnameserver 10.0.1.53\n',
  },
  stubs: {
    iptables,
    ip,
    [COREDNS]: bash('sleep 3; touch /run/answers; exec sleep infinity'),
    'curl': bash('[ -e /run/answers ]'),
    'networkctl': bash(`case $1 in reload) ;; *) printf '* 2: eth0\\n             Link File: n/a\\n          Network File: /run/systemd/network/10-netplan-eth0.network\\n' ;; esac`),
    'systemd-notify': exits(0),
  },
  allow: { unasserted: { calls: ['iptables', 'ip', 'curl', ['networkctl', '--no-pager', '--no-legend', 'status', 'eth0']], changes: ['/run/answers', RULES] } },
  invariants: [definedExitCodes([1])],
});

/** What systemd does to it after so long. */
const ended = (after: `${number}s`): Given => ({ actors: [at(after, (world) => world.signal('TERM', 'localdns.sh'))] });

describe('the node\'s own name server', () => {
  it('is asked by the node as soon as it answers, and then systemd is told that it has started', async () => {
    const run = await node.given({ stubs: { 'systemd-notify': bash(`cp ${RULES} /run/rules-then; cp ${INTERFACE} /run/interface-then; cp ${DROP_IN} /run/drop-in-then`) }, ...ended('60s') }).exec(localdns);

    expect(run).toSucceed();
    expect(run).toHaveFile('/run/rules-then', TRACKED);
    expect(run).toHaveFile('/run/interface-then', '169.254.10.10/32\n169.254.10.11/32\n');
    expect(run).toHaveFile('/run/drop-in-then', '[Network]\nDNS=169.254.10.10\n[DHCP]\nUseDNS=false\n');
    expect(run).toHaveFile(RUNNING, '.:53 {\n  forward . 10.0.0.53 10.0.1.53\n}\n');
    expect(run).toHaveCalledInOrder([[COREDNS, '-conf', RUNNING], ['networkctl', 'reload'], ['systemd-notify', '--ready'], ['networkctl', 'reload']]);
    expect(run.calls('systemd-notify')[0]?.start).toBeGreaterThanOrEqual(3000);
    expect(run).toHaveChangedOnly({ '/run/rules-then': file(), '/run/interface-then': file(), '/run/drop-in-then': file(), [RUNNING]: file(), [RULES]: file(''), '/run/answers': file(''), '/run/systemd/network/10-netplan-eth0.network.d': directory() });
  });

  it('is not asked any more when it ends by itself, and systemd starts it again', async () => {
    const run = await node.given({ stubs: { [COREDNS]: bash('touch /run/answers; sleep 30; exit 7') } }).exec(localdns);

    expect(run).toExit(1);
    expect(run).toPrint('the name server ended with exit code 7\n', { on: 'stderr' });
    expect(run.fs.existsSync(DROP_IN)).toBe(false);
    expect(run.fs.existsSync(INTERFACE)).toBe(false);
    expect(run).toHaveFile(RULES, '');
    expect(run).toHaveCalledTimes('systemd-notify', 1);
    expect(run).toHaveCalledTimes('networkctl', 2, 'reload');
    expect(run).toHaveCalledTimes(COREDNS, 1);
    expect(run).toHaveFile(RUNNING);
    expect(run).toHaveChanged({ '/run/systemd/network/10-netplan-eth0.network.d': directory() });
  });

  it.each<[string, Given, string]>([
    ['ends before it answers', { stubs: { [COREDNS]: exits(1) } }, 'the name server ended before it answered\n'],
    ['does not answer', { stubs: { curl: exits(7) } }, 'the name server did not answer within 20s\n'],
    ['cannot be asked, as nobody says how the network is set', { stubs: { networkctl: returns('          Network File: n/a\n') } }, 'networkctl does not tell by which file eth0 is set\n'],
    ['has nobody to ask', { files: { [RESOLV]: 'nameserver 169.254.10.11\n' } }, `${RESOLV} tells no name server to ask\n`],
    ['has no address', { stubs: { ip: exits(2) } }, ''],
  ])('is not asked where it %s, and nothing of it stays', async (_, given, said) => {
    const run = await node.given(given).given({ allow: { unasserted: { calls: [COREDNS, 'networkctl'], changes: [RUNNING] } } }).exec(localdns);

    expect(run).toExit(1);
    expect(run.stderr).toBe(said);
    expect(run).not.toHaveCalled('systemd-notify');
    expect(run.fs.existsSync(INTERFACE)).toBe(false);
    expect(run.fs.existsSync(DROP_IN)).toBe(false);
    expect(run.record.duration).toBeLessThan(25_000);
  });

  it('finds its configuration in the environment where the file is lost', async () => {
    const env = { LOCALDNS_BASE64_ENCODED_COREFILE: Buffer.from('. {\n}\n').toString('base64') };
    const run = await node.given({ env, files: { [COREFILE]: '' }, stubs: { curl: exits(7) }, allow: { unasserted: { calls: [COREDNS], stderr: ['did not answer'] } } }).exec(localdns);

    expect(run).toExit(1);
    expect(run).toHaveChangedOnly({ [COREFILE]: file('. {\n}\n'), [RUNNING]: file('. {\n}\n'), [RULES]: file(''), '/run/answers': file('') });
  });

  it('says so where there is none at all', async () => {
    const run = await node.given({ files: { [COREFILE]: '' } }).exec(localdns);

    expect(run).toExit(1);
    expect(run).toPrint(`there is no ${COREFILE}, and none in LOCALDNS_BASE64_ENCODED_COREFILE\n`, { on: 'stderr' });
    expect(run).not.toHaveCalled(COREDNS);
  });

  it('takes away what an earlier start has left', async () => {
    const run = await node.given({ files: { [RULES]: TRACKED, [INTERFACE]: '169.254.10.10/32\n' }, ...ended('60s') }).exec(localdns);

    expect(run).toSucceed();
    expect(run).toHaveFile(RULES, '');
    expect(run).toHaveChangedOnly({ [RULES]: file(''), [INTERFACE]: removed, [RUNNING]: file(), '/run/answers': file(''), '/run/systemd/network/10-netplan-eth0.network.d': directory() });
    expect(run).toHaveCalledTimes('systemd-notify', 1);
    expect(run).toHaveCalledTimes('networkctl', 2, 'reload');
    expect(run).toHaveCalledTimes(COREDNS, 1);
  });
});
