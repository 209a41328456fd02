import { describe, expect, it } from 'vitest';
import { at, exits, fileFrom, handle, returns, when } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import main from '#node/cse_main.sh';
import { configurationOf } from '../support/configuration.js';
import { eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { BASE_IS_PREPARED, nodeOf } from './node.js';
import { functionsOf, orchestrated } from './orchestrated.js';

const slow = { timeout: 60_000 };
const HELPERS = '/opt/azure/containers/provision_source.sh';
const ubuntu = nodeOf(configurationOf('ubuntu2204gen2'));

describe('a node that was provisioned', () => {
  it('is left alone', async () => {
    const run = await ubuntu.given({ files: { '/opt/azure/containers/provision.complete': '' } }).exec(main);

    expect(run).toSucceed();
    expect(run.stdout).toBe('Already ran to success exiting...\n');
    expect(run).not.toHaveChanged();
  });

  it('is left alone where that failed too, and fails again: it is no node that is ready', async () => {
    const run = await ubuntu.given({ files: { '/opt/azure/containers/provision.complete': '', '/var/log/azure/aks/provision.json': '{"ExitCode":"51","Output":"\\"ExitCode\\":\\"0\\""}\n' } }).exec(main);

    expect(run).toExit(51);
    expect(run.stdout).toBe('Already ran, and failed with exit code 51\n');
    expect(run).not.toHaveChanged();
  });

  it('is left alone where its report says that it succeeded', async () => {
    const run = await ubuntu.given({ files: { '/opt/azure/containers/provision.complete': '', '/var/log/azure/aks/provision.json': '{"ExitCode":"0","Output":"{\\"ExitCode\\":\\"51\\"}"}\n' } }).exec(main);

    expect(run).toSucceed();
    expect(run.stdout).toBe('Already ran to success exiting...\n');
    expect(run).not.toHaveChanged();
  });
});

describe('the scripts for provisioning', () => {
  it('are waited for two minutes, and then the provisioning ends with 6 and says what is missing', async () => {
    const run = await ubuntu.given({ files: { [HELPERS]: 'ERR_SOME=1\n# half of it' } }).exec(main);

    expect(run).toExit(6);
    expect(run).toHaveSleptTimes('1s', 119);
    expect(run).toPrint(`the scripts for provisioning did not come: ${HELPERS}\n`, { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });

  it('are waited for until they are there as a whole', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', {}, { files: { [HELPERS]: '# half of it' }, actors: [at('5s', (world) => world.write({ [HELPERS]: fileFrom(helpers) }))] });

    expect(run).toSucceed();
    expect(run).toHaveSleptTimes('1s', 5);
  });
});

describe('provisioning in two stages', () => {
  it('has the first prepare what all nodes of the image share, and no more', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', { preProvisionOnly: true });

    expect(run).toSucceed();
    expect(functionsOf(run)).toContain('ensureContainerd');
    expect(functionsOf(run).at(-1)).toBe('ensureSnapshotUpdate');
    expect(run).not.toHaveCalled('ensureKubelet');
    expect(run.stdout).toMatch(/Skipping nodePrep - pre-provision only mode\nCustom script finished\.\n/);
  });

  it('has the first end with the code of what failed', { ...lesson('C21'), ...slow }, async () => {
    const run = await orchestrated('ubuntu2204gen2', { preProvisionOnly: true }, { stubs: { ensureSysctl: exits(1) } });

    expect(run).toExit(103);
    expect(run).not.toPrint('Custom script finished.', { on: 'stdout' });
  });

  it('has the second prepare the node: by its own metadata, tags and registry, not those of the machine that the image was made of', slow, async () => {
    const other = { compute: { tagsList: [] }, network: {} };
    const cache = '/opt/azure/containers/imds_instance_metadata_cache.json';
    const run = await orchestrated('ubuntu2204gen2', { registry: 'registry.example/mirror' }, { files: { ...BASE_IS_PREPARED, [cache]: JSON.stringify(other) } });

    expect(run).toSucceed();
    expect(functionsOf(run)).toEqual([
      'oras_login_with_kubelet_identity', 'configureKubeletServing', 'configureK8s', 'ensureAzureNetworkConfig', 'retrycmd_nslookup', 'checkServiceHealth', 'ensureKubelet', 'configureNodeExporter',
      'cleanUpGPUDrivers', 'checkServiceHealth',
    ]);
    expect(run).toHaveCalledTimes('oras_login_with_kubelet_identity', 1, 'registry.example', '', 'tenant');
    expect(run.file(cache).text).toContain('node-0');
    expect(run.stdout).toContain('Skipping basePrep - base_prep.complete file exists\n');
  });
});

describe('the API server', () => {
  const node = (name: string, given = {}) => orchestrated('ubuntu2204gen2', { apiServer: { name, certificateAuthority: 'x' } }, { files: BASE_IS_PREPARED, ...given });
  const asked = (tasks: readonly { TaskName: string; Message: string }[]) => tasks.filter(({ TaskName }) => TaskName.startsWith('AKS.CSE.apiserver')).map(({ TaskName, Message }) => [TaskName, Message]);

  it.each([
    ['cluster.example', 300, 50],
    ['cluster.privatelink.example', 600, 100],
  ])('%s is looked up for %d s, and asked %d times', slow, async (name, seconds, times) => {
    const run = await node(name);

    expect(run).toSucceed();
    expect(asked(eventsOf(run))).toEqual([
      ['AKS.CSE.apiserverNslookup', `Completed: retrycmd_nslookup 1 15 ${seconds} ${name}`],
      ['AKS.CSE.apiserverCurl', `Completed: retrycmd_if_failure ${times} 1 10 curl -v --cacert /etc/kubernetes/certs/ca.crt https://${name}:443`],
    ]);
    expect(run).toPrint('API server connection check code: 0\n', { on: 'stdout' });
  });

  it('is not looked up where it is an address', slow, async () => {
    const run = await node('10.224.0.10', { stubs: { nc: exits(0) } });

    expect(run).toSucceed();
    expect(asked(eventsOf(run))).toEqual([['AKS.CSE.apiserverNC', 'Completed: retrycmd_if_failure 300 1 10 nc -vz 10.224.0.10 443']]);
    expect(run).not.toHaveCalled('retrycmd_nslookup');
  });

  it.each([
    ['is unknown to the name server', { stubs: { retrycmd_nslookup: returns('Server: 10.0.0.10\n').exits(1) } }, 52],
    ['is unknown to the cloud\'s name server', { stubs: { retrycmd_nslookup: returns('Server: 168.63.129.16\n').exits(1) } }, 53],
    ['does not answer', { stubs: { retrycmd_if_failure: when(['50', '1', '10', 'curl', '-v', '--cacert', '/etc/kubernetes/certs/ca.crt', 'https://cluster.example:443']).exits(1), fetch_and_cache_imds_instance_metadata: handle(({ write }) => write({ '/opt/azure/containers/imds_instance_metadata_cache.json': '{}' })) } }, 51],
  ])('ends the provisioning before kubelet is started where it %s', slow, async (_, given, code) => {
    const run = await node('cluster.example', given);

    expect(run).toExit(code);
    expect(run).toPrint(`API server connection check code: ${code}\n`, { on: 'stdout' });
    expect(run).not.toHaveCalled('ensureKubelet');
  });
});

describe('kubelet that was started and then failed', () => {
  it('ends the provisioning with a code of its own', { ...lesson('C9'), ...slow }, async () => {
    const run = await orchestrated('ubuntu2204gen2', {}, { files: BASE_IS_PREPARED, stubs: { checkServiceHealth: when(['kubelet']).exits(1).otherwise(exits(0)) } });

    expect(run).toExit(245);
    expect(functionsOf(run).slice(-2)).toEqual(['cleanUpGPUDrivers', 'checkServiceHealth']);
    expect(run).not.toPrint('Custom script finished.', { on: 'stdout' });
  });
});

describe('secure TLS bootstrapping that failed', () => {
  it('is reported, and kubelet bootstraps with its token', { ...lesson('C11'), ...slow }, async () => {
    const run = await orchestrated('ubuntu2204gen2', { secureTlsBootstrapping: true }, { files: BASE_IS_PREPARED, stubs: { checkServiceHealth: when(['secure-tls-bootstrap']).exits(1).otherwise(exits(0)) } });

    expect(run).toSucceed();
    expect(run).toPrint('secure TLS bootstrapping failed, kubelet bootstraps with its token\n', { on: 'stdout' });
    expect(run).toHappenBefore(['checkServiceHealth', 'secure-tls-bootstrap'], ['ensureKubelet']);
  });
});

describe('an image that has lost its log', () => {
  it('ends the provisioning with 65, before anything is installed', { ...lesson('C22'), ...slow }, async () => {
    const run = await orchestrated('ubuntu2204custom', { variables: { IS_VHD: 'true' } });

    expect(run).toExit(65);
    expect(functionsOf(run).at(-1)).toBe('disableSystemdResolved');
  });
});

describe('the agent of the cloud', () => {
  const CALLS = [['hold', 'walinuxagent'], ['unhold', 'walinuxagent']];

  it('is not upgraded while the node is provisioned, and may be afterwards', slow, async () => {
    const run = await ubuntu.with({ allow: { unasserted: true } }).exec(main);

    expect(run).toSucceed();
    expect(run.calls('apt-mark').map(({ args }) => args)).toEqual(CALLS);
    expect(eventsOf(run).filter(({ TaskName }) => TaskName === 'AKS.CSE.aptmarkWALinuxAgent')).toHaveLength(2);
  });

  it('is released after it was held, however long that took, and nobody waits for it', slow, async () => {
    const held = when(['hold', 'walinuxagent']).takes('20s').otherwise(exits(0));
    const run = await ubuntu.with({ allow: { unasserted: true }, limits: { time: '60s', background: '40s' } }).given({ stubs: { 'apt-mark': held } }).exec(main);

    expect(run).toSucceed();
    expect(run.calls('apt-mark').map(({ args }) => args)).toEqual(CALLS);
    expect(run.calls('apt-mark')[1]?.start).toBeGreaterThanOrEqual(20_000);
    expect(run.file('/opt/m').text).toMatch(/ 00:00:00 UTC 2030,sandbox,endAKSCSE\n$/);
  });

  it('that cannot be held ends nothing, and that is said', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', { preProvisionOnly: true }, { stubs: { aptmarkWALinuxAgent: exits(7) } });

    expect(run).toSucceed();
    expect(run).toPrint('aptmarkWALinuxAgent hold failed with exit code 7\n', { on: 'stdout' });
  });

  it('is left alone where that is asked for', slow, async () => {
    const run = await orchestrated('ubuntu2204gen2', { variables: { SKIP_WAAGENT_HOLD: 'true' } });

    expect(run).toSucceed();
    expect(run).not.toHaveCalled('aptmarkWALinuxAgent');
    expect(run).toPrint('Skipping holding walinuxagent\n', { on: 'stdout' });
  });
});
