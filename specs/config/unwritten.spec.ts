import { describe, expect, it } from 'vitest';
import { directory, exits, type FileSpecs, type Given } from 'shellrig';
import { configuring, configuringAzureLinux } from '../support/configuring.js';
import { TOKEN } from '../support/configuration.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');

/** Something that lies where a file is made ready. */
function inTheWayOf(path: string): FileSpecs {
  const at = path.lastIndexOf('/');
  return { [`${path.slice(0, at)}/.${path.slice(at + 1)}.draft`]: directory() };
}

const UNITS = '/etc/systemd/system';
const KUBELET_UNIT = `${UNITS}/kubelet.service.d`;
const KUBELET = { KUBERNETES_VERSION: '1.34.1', TLS_BOOTSTRAP_TOKEN: TOKEN };
const DNS = { LOCALDNS_GENERATED_COREFILE: base64('.') };
const KEY = { KUBELET_CLIENT_CONTENT: base64('key'), KUBELET_CLIENT_CERT_CONTENT: base64('certificate') };
const AZURE = { NETWORK_PLUGIN: 'azure', NETWORK_POLICY: 'calico' };

/** What cannot be written, by whom, and how that ends. */
const FILES: readonly (readonly [name: string, path: string, code: number, vars?: Record<string, string>, files?: FileSpecs])[] = [
  ['configureSSHPubkeyAuth', '/etc/ssh/sshd_config', 1, {}, { '/etc/ssh/sshd_config': 'Port 22\n' }],
  ['configureMessageOfTheDay', '/etc/motd', 1, { MESSAGE_OF_THE_DAY: base64('x') }, { '/etc/update-motd.d/00-header': '' }],
  ['configureSystemdUseDomains', '/etc/systemd/networkd.conf.d/80-use-domains.conf', 1],
  ['configPrivateClusterHosts', `${UNITS}/reconcile-private-hosts.service.d/10-fqdn.conf`, 1],
  ['configureEtcEnvironment', '/etc/environment', 1],
  ['configureEtcEnvironment', '/etc/systemd/system.conf.d/proxy.conf', 1],
  ['configureAzureJson', '/etc/kubernetes/azure.json', 1],
  ['configureK8s', '/etc/kubernetes/certs/client.crt', 1, KEY],
  ['configureK8s', '/etc/default/kubeletconfig.json', 1, { KUBELET_CONFIG_FILE_ENABLED: 'true', KUBELET_CONFIG_FILE_CONTENT: base64('{}') }],
  ['configureCNIIPTables', '/etc/cni/net.d/10-azure.conflist', 1, AZURE, { '/etc/cni/net.d/10-azure.conflist': '' }],
  ['ensureContainerd', `${UNITS}/containerd.service.d/exec_start.conf`, 6],
  ['ensureContainerd', '/etc/sysctl.d/99-force-bridge-forward.conf', 103],
  ['configureAndStartSecureTLSBootstrapping', `${UNITS}/secure-tls-bootstrap.service.d/10-securetlsbootstrap.conf`, 220],
  ['ensureKubelet', `${KUBELET_UNIT}/10-watchdog.conf`, 34, KUBELET],
  ['ensureKubelet', '/etc/default/kubelet', 34, KUBELET],
  ['ensureKubelet', `${KUBELET_UNIT}/10-credential-validation.conf`, 34, KUBELET],
  ['ensureKubelet', `${KUBELET_UNIT}/10-tlsbootstrap.conf`, 34, KUBELET],
  ['ensureKubelet', `${KUBELET_UNIT}/10-tlsbootstrap.conf`, 34, { ...KUBELET, TLS_BOOTSTRAP_TOKEN: '' }],
  ['ensureKubelet', `${KUBELET_UNIT}/10-ensure-imds-restriction.conf`, 34, KUBELET],
  ['generateLocalDNSFiles', '/etc/localdns/environment', 216, DNS],
  ['generateLocalDNSFiles', `${UNITS}/localdns.slice`, 216, DNS],
  ['ensureMigPartition', `${UNITS}/mig-partition.service.d/10-mig-profile.conf`, 84],
];

/** What is done before is for other specs, and so is what programs complain of. */
const BEFORE = { unasserted: { calls: true, changes: true, stdout: true, stderr: true } } as const;

describe('what cannot be written', () => {
  it.each(FILES.map(([name, path, code, vars = {}, files = {}]) => [name, path, code, vars, files] as const))('is told, and nothing is started with half of it: %s, %s: %d, given %j', async (name, path, code, vars, files) => {
    const run = await configuring.given({ vars, files: { ...files, ...inTheWayOf(path) }, allow: BEFORE }).call(name, 'true');

    expect(run).toExit(code);
    expect(run).toPrint(`Failed to write ${path}\n`, { on: 'stderr' });
    expect(run).not.toHaveCalled('systemctl');
  });

  it.each<[string, FileSpecs, number, Given['vars']]>([
    ['configureCustomCaCertificate', { '/opt/certs': 'a file in the way' }, 161, {}],
    ['ensureKubelet', { '/var/lib/kubelet': 'a file in the way' }, 34, KUBELET],
    ['configureCNIIPTables', { '/opt/cni/bin/10-azure.conflist': '{}', '/etc/cni/net.d/10-azure.conflist': directory() }, 1, AZURE],
  ])('for want of a place ends alike: %s, %j: %d', async (name, files, code, vars) => {
    const run = await configuring.given({ vars: vars!, files, allow: BEFORE }).call(name);

    expect(run).toExit(code);
    expect(run).not.toHaveCalled('systemctl');
  });
});

describe('a service of graphics processors that does not start', () => {
  it.each([['nvidia-device-plugin', { ENABLE_GPU_DEVICE_PLUGIN_IF_NEEDED: 'true' }], ['nvidia-modprobe', {}]])('ends the boot with 84: %s', async (service, vars) => {
    const run = await configuring.given({ vars, stubs: { validateGPUDrivers: exits(0), systemctlEnableAndStart: exits(1) }, allow: BEFORE }).call('ensureGPUDrivers');

    expect(run).toExit(84);
    expect(run).toHaveCalledTimes('systemctlEnableAndStart', 1, service, '30');
  });

  it('ends it with 49 where it is the module of an accelerator', async () => {
    const run = await configuringAzureLinux.given({ stubs: { dnf: exits(0), retrycmd_if_failure: exits(1) }, allow: BEFORE }).call('setupAmdAma');

    expect(run).toExit(49);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '5', '5', '60', 'modprobe', 'ama_transcoder');
  });
});
