import { describe, expect, it } from 'vitest';
import { defineShell, exits } from 'shellrig';
import config from '#node/cse_config.sh';
import helpers from '#node/cse_helpers.sh';
import install from '#node/cse_install.sh';
import { eventFiles, eventsOf } from '../support/events.js';
import { lesson } from '../support/lesson.js';
import { bothCarried, bothInstalled } from '../support/tarballs.js';
import { ubuntu, ubuntuOptions } from '../support/ubuntu.js';

const URL = 'https://packages.example/node.tar.gz';
const REGISTRY = 'registry.example';

/** What the helpers have read of each system. */
const SYSTEMS = {
  ubuntu: { OS: 'UBUNTU', OS_VERSION: '22.04', OS_VARIANT: '' },
  mariner: { OS: 'MARINER', OS_VERSION: '2.0', OS_VARIANT: '' },
  azurelinux2: { OS: 'AZURELINUX', OS_VERSION: '2.0', OS_VARIANT: '' },
  azurelinux3: { OS: 'AZURELINUX', OS_VERSION: '3.0', OS_VARIANT: '' },
  osguard: { OS: 'AZURELINUX', OS_VERSION: '3.0', OS_VARIANT: 'OSGUARD' },
  flatcar: { OS: 'FLATCAR', OS_VERSION: '4230.2.0', OS_VARIANT: '' },
  acl: { OS: 'AZURELINUX', OS_VERSION: '3.0', OS_VARIANT: 'AZURECONTAINERLINUX' },
};

/** Every way to the programs, by the function that goes it: only the choice is looked at here. */
const WAYS = {
  url: 'installKubeletKubectlFromURL',
  registry: 'installKubeletKubectlFromBootstrapProfileRegistry',
  package: 'installKubeletKubectlFromPkg',
} as const;
const PROVIDER_WAYS = {
  url: 'installCredentialProviderFromUrl',
  registry: 'installCredentialProviderPackageFromBootstrapProfileRegistry',
  package: 'installCredentialProviderFromPkg',
} as const;

const shell = defineShell({
  source: [helpers, install, './distribution.sh', config],
  stubs: Object.fromEntries([...Object.values(WAYS), ...Object.values(PROVIDER_WAYS)].map((name) => [name, exits(0)])),
  events: ubuntuOptions.events,
});

/** A node of a system that is to run a version of Kubernetes. */
const node = (system: keyof typeof SYSTEMS, version: string, vars: Readonly<Record<string, string>> = {}) =>
  shell.given({ vars: { ...SYSTEMS[system], KUBERNETES_VERSION: version, ...vars } });

/** A system that none of the scripts is for. */
const unknown = defineShell({ source: [helpers, install, config] }).given({ vars: { ...SYSTEMS.ubuntu, KUBERNETES_VERSION: '1.34.0' } });

const ENFORCED = { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'true' };
const WITH_REGISTRY = { BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: REGISTRY };

/** System, version, what else is set, and where kubelet, kubectl and the credential provider then come from. */
const CHOICES: readonly (readonly [keyof typeof SYSTEMS, string, Readonly<Record<string, string>>, keyof typeof WAYS])[] = [
  ['ubuntu', '1.33.9', {}, 'url'],
  ['ubuntu', 'v1.33.9', {}, 'url'],
  ['ubuntu', '1.34.0', {}, 'package'],
  ['ubuntu', 'v1.34.0', {}, 'package'],
  ['ubuntu', '1.34.0~beta.1', {}, 'package'],
  ['ubuntu', '1.100.0', {}, 'package'],
  ['ubuntu', '1.33.9', ENFORCED, 'package'],
  ['ubuntu', '1.33.9', { SHOULD_ENFORCE_KUBE_PMC_INSTALL: 'false' }, 'url'],
  ['ubuntu', '1.33.9', WITH_REGISTRY, 'url'],
  ['ubuntu', '1.34.0', WITH_REGISTRY, 'registry'],
  ['ubuntu', '1.33.9', { ...WITH_REGISTRY, ...ENFORCED }, 'registry'],
  ['azurelinux3', '1.33.9', {}, 'url'],
  ['azurelinux3', '1.34.0', {}, 'package'],
  ['azurelinux3', '1.34.0', WITH_REGISTRY, 'registry'],
  ['osguard', '1.34.0', {}, 'package'],
  ['azurelinux2', '1.34.0', {}, 'url'],
  ['azurelinux2', '1.34.0', ENFORCED, 'package'],
  ['azurelinux2', '1.34.0', WITH_REGISTRY, 'registry'],
  ['mariner', '1.34.0', {}, 'url'],
  ['mariner', '1.34.0', WITH_REGISTRY, 'registry'],
  ['flatcar', '1.33.9', {}, 'package'],
  ['flatcar', '1.33.9', WITH_REGISTRY, 'registry'],
  ['acl', '1.33.9', {}, 'package'],
  ['acl', '1.34.0', WITH_REGISTRY, 'registry'],
];

/** A URL that somebody has set, on systems and in versions that have packages. */
const ASKED = ['CUSTOM_KUBE_BINARY_URL', 'PRIVATE_KUBE_BINARY_URL', 'CUSTOM_KUBE_BINARY_DOWNLOAD_URL', 'PRIVATE_KUBE_BINARY_DOWNLOAD_URL'];

/** How the events of the provider name each way. */
const PROVIDER_TASKS = { ...PROVIDER_WAYS, registry: 'installCredentialProviderFromBootstrapProfileRegistry' };

describe('without a URL of its own', () => {
  it.each(CHOICES)('all that Kubernetes needs comes, on %s, version %s, with %j, from: %s', async (system, version, vars, way) => {
    const run = await node(system, version, vars).call('eval', 'configureKubeletAndKubectl; configureCredentialProvider');

    expect(run).toSucceed();
    for (const ways of [WAYS, PROVIDER_WAYS]) {
      for (const [name, other] of Object.entries(ways)) expect(run.calls(other)).toHaveLength(name === way ? 1 : 0);
      expect(run.calls(ways[way])[0]?.args).toEqual({ url: [], registry: [REGISTRY, version], package: [version] }[way]);
    }
    expect(eventsOf(run).map(({ TaskName }) => TaskName)).toEqual([`AKS.CSE.configureKubeletAndKubectl.${WAYS[way]}`, `AKS.CSE.ensureKubelet.${PROVIDER_TASKS[way]}`]);
  });
});

describe('kubelet and kubectl', () => {
  it.each((['ubuntu', 'azurelinux3', 'flatcar', 'acl'] as const).flatMap((system) => ASKED.map((name) => [system, name] as const)))(
    'on %s come from the URL in %s, though there are packages', lesson('C12'), async (system, name) => {
      const run = await node(system, '1.34.0', { [name]: URL, ...WITH_REGISTRY }).call('configureKubeletAndKubectl');

      expect(run).toSucceed();
      expect(run).toHaveCalledTimes(WAYS.url, 1);
      expect(run).toEmit({ TaskName: `AKS.CSE.configureKubeletAndKubectl.${WAYS.url}` });
      expect(run).not.toHaveCalled(WAYS.registry);
    });

  it('come from no URL when packages are enforced, whoever asks for it', lesson('B8'), async () => {
    const run = await node('ubuntu', '1.34.0', { CUSTOM_KUBE_BINARY_URL: URL, ...ENFORCED }).call('configureKubeletAndKubectl');

    expect(run).toSucceed();
    expect(run).not.toHaveCalled(WAYS.url);
    expect(run).toHaveCalledTimes(WAYS.package, 1);
    expect(run).toEmit({ TaskName: `AKS.CSE.configureKubeletAndKubectl.${WAYS.package}` });
  });

  it('fail as the way to them fails', async () => {
    const run = await node('ubuntu', '1.34.0').given({ stubs: { [WAYS.package]: exits(3) } }).call('configureKubeletAndKubectl');

    expect(run).toExit(3);
    expect(run).toHaveCalledTimes(WAYS.package, 1, '1.34.0');
    expect(run).toEmit({ TaskName: `AKS.CSE.configureKubeletAndKubectl.${WAYS.package}` });
  });

  it('end with 204 on a system that has no packages', async () => {
    const run = await unknown.call('configureKubeletAndKubectl');

    expect(run).toExit(204);
    expect(run.stdout).toBe('installKubeletKubectlFromPkg is not defined for this OS\n');
    expect(run).not.toHaveChanged();
  });

  it('of a real node are in place afterwards', async () => {
    const run = await ubuntu.with({ source: [...ubuntuOptions.source, config] })
      .given({ vars: { KUBERNETES_VERSION: '1.34.1' }, files: bothCarried('1.34.1') })
      .call('configureKubeletAndKubectl');

    expect(run).toSucceed();
    expect(run).toHaveFile('/opt/bin/kubelet', bothInstalled('1.34.1')['/opt/bin/kubelet']);
    expect(run).toHaveFile('/opt/bin/kubectl', bothInstalled('1.34.1')['/opt/bin/kubectl']);
    expect(run.fs.readdirSync('/opt/bin')).toEqual(['kubectl', 'kubelet']);
    expect(run).toHaveChanged(eventFiles(run));
  });
});

describe('the credential provider', () => {
  it.each(ASKED)('does not mind a URL of kubelet in %s', async (name) => {
    const run = await node('ubuntu', '1.34.0', { [name]: URL }).call('configureCredentialProvider');

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes(PROVIDER_WAYS.package, 1);
    expect(run).toEmit({ TaskName: `AKS.CSE.ensureKubelet.${PROVIDER_TASKS.package}` });
  });

  it.each([['url', '1.33.9', {}], ['registry', '1.34.0', WITH_REGISTRY], ['package', '1.34.0', {}]] as const)('ends the boot when it cannot be had: %s', async (way, version, vars) => {
    const run = await node('ubuntu', version, vars)
      .given({ stubs: { [PROVIDER_WAYS[way]]: exits(208) } })
      .call('eval', 'configureCredentialProvider; echo went on');

    expect(run).toExit(208);
    expect(run).toHaveCalledTimes(PROVIDER_WAYS[way], 1);
    expect(run).toEmit({ TaskName: `AKS.CSE.ensureKubelet.${PROVIDER_TASKS[way]}` });
    expect(run.stdout).toBe('');
  });

  it('ends with 205 on a system that has no packages', async () => {
    const run = await unknown.call('configureCredentialProvider');

    expect(run).toExit(205);
    expect(run.stdout).toBe('installCredentialProviderFromPkg is not defined for this OS\n');
  });
});
