import { describe, expect, it } from 'vitest';
import { bash, exits, file } from 'shellrig';
import { configuring, METADATA } from '../support/configuring.js';
import { metadata } from '../support/configuration.js';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const CERTIFICATES = '/etc/kubernetes/certs';
const UNIT = '/etc/systemd/system/kubelet.service.d';
const LABEL = 'kubernetes.azure.com/kubelet-serving-ca=cluster';

describe('the cluster\'s authority', () => {
  it('is known by its certificate', async () => {
    const run = await configuring.given({ vars: { KUBE_CA_CRT: base64('authority\n') } }).call('ensureKubeCACert');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [`${CERTIFICATES}/ca.crt`]: file('authority\n', { mode: 0o644 }) });
  });
});

describe('what kubelet is configured with', () => {
  it('is put in place: certificates, its key for root alone, and its configuration', async () => {
    const vars = {
      APISERVER_PUBLIC_KEY: base64('server\n'), KUBELET_CLIENT_CONTENT: base64('key\n'), KUBELET_CLIENT_CERT_CONTENT: base64('client\n'),
      KUBELET_CONFIG_FILE_ENABLED: 'true', KUBELET_CONFIG_FILE_CONTENT: base64('{"kind":"KubeletConfiguration"}'),
    };
    const run = await configuring.given({ vars }).call('configureK8s');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({
      [`${CERTIFICATES}/apiserver.crt`]: file('server\n', { mode: 0o644 }),
      [`${CERTIFICATES}/client.key`]: file('key\n', { mode: 0o600 }),
      [`${CERTIFICATES}/client.crt`]: file('client\n', { mode: 0o644 }),
      '/etc/default/kubeletconfig.json': file('{"kind":"KubeletConfiguration"}', { mode: 0o644 }),
      [`${UNIT}/10-componentconfig.conf`]: file('[Service]\nEnvironment="KUBELET_CONFIG_FILE_FLAGS=--config /etc/default/kubeletconfig.json"\n', { mode: 0o600 }),
    });
  });

  it.each(['APISERVER_PUBLIC_KEY', 'KUBELET_CLIENT_CONTENT'])('is a failure where %s cannot be read', async (name) => {
    const run = await configuring.given({ vars: { [name]: '-' }, allow: { unasserted: { changes: [CERTIFICATES] } } }).call('configureK8s');

    expect(run).toExit(1);
    expect(run).toPrint('is no base64\n', { on: 'stderr' });
  });

  it('is not more than what there is', async () => {
    const run = await configuring.given({ files: { [`${CERTIFICATES}/ca.crt`]: '' } }).call('configureK8s');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
  });
});

describe('how kubelet runs containers', () => {
  const BASE = {
    '/etc/containerd/kubenet_template.conf': file('{}\n'),
    [`${UNIT}/10-containerd-base-flag.conf`]: file('[Service]\nEnvironment="KUBELET_CONTAINERD_FLAGS=--runtime-request-timeout=15m --container-runtime-endpoint=unix:///run/containerd/containerd.sock --runtime-cgroups=/system.slice/containerd.service"\n', { mode: 0o600 }),
  };
  const RUNTIME = { [`${UNIT}/10-container-runtime-flag.conf`]: file('[Service]\nEnvironment="KUBELET_CONTAINER_RUNTIME_FLAG=--container-runtime=remote"\n', { mode: 0o600 }) };

  it.each([
    [{ KUBERNETES_VERSION: '1.26.9' }, RUNTIME],
    [{ KUBERNETES_VERSION: '1.27.0' }, {}],
    [{ KUBERNETES_VERSION: 'v1.34.1', NEEDS_CGROUPV2: 'true' }, { [`${UNIT}/10-cgroupv2.conf`]: file('[Service]\nEnvironment="KUBELET_CGROUP_FLAGS=--cgroup-driver=systemd"\n', { mode: 0o600 }) }],
    [{ KUBERNETES_VERSION: '1.34.1', HAS_KUBELET_DISK_TYPE: 'true' }, { [`${UNIT}/10-bindmount.conf`]: file('[Unit]\nRequires=bind-mount.service\nAfter=bind-mount.service\n', { mode: 0o600 }) }],
  ])('is told to it: %j', async (vars, more) => {
    const run = await configuring.given({ vars: { KUBENET_TEMPLATE: base64('{}\n'), ...vars } }).call('configureKubeletRuntime');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ ...BASE, ...more });
  });

  it('is a failure where it cannot be read', async () => {
    const run = await configuring.given({ vars: { KUBENET_TEMPLATE: '-' } }).call('configureKubeletRuntime');

    expect(run).toExit(1);
    expect(run).toPrint('is no base64\n', { on: 'stderr' });
    expect(run).not.toHaveChanged();
  });
});

describe('the certificate that kubelet serves with', () => {
  const KEY = `${CERTIFICATES}/kubeletserver.key`;
  const CERTIFICATE = `${CERTIFICATES}/kubeletserver.crt`;
  const FLAGS = `--max-pods=110 --tls-cert-file=${CERTIFICATE} --tls-private-key-file=${KEY}`;
  const openssl = bash('for word; do case $previous in -keyout | -out) echo "made for $*" >"$word" ;; esac; previous=$word; done');
  const serving = configuring.given({ vars: { KUBELET_FLAGS: FLAGS, KUBELET_NODE_LABELS: `a=b,${LABEL}` } });

  it.each([
    ['nobody wants another', {}, {}, FLAGS],
    ['a tag of the machine refuses another', { ENABLE_KUBELET_SERVING_CERTIFICATE_ROTATION: 'true', KUBELET_FLAGS: `${FLAGS} --rotate-server-certificates=true` }, { 'aks-disable-kubelet-serving-certificate-rotation': 'true' }, FLAGS],
  ])('is its own where %s', async (_, vars, tags, flags) => {
    const run = await serving.given({ vars, files: { [METADATA]: metadata(tags) }, stubs: { openssl } }).call('configureKubeletServing');

    expect(run).toSucceed();
    expect(run).toHaveChangedOnly({ [KEY]: file(/^made for req -x509/, { mode: 0o600 }), [CERTIFICATE]: file(/-subj \/CN=sandbox /) });
    expect(run).toHaveCalledTimes('openssl', 1);
    expect([run.variable('KUBELET_FLAGS'), run.variable('KUBELET_NODE_LABELS')]).toEqual([flags, 'a=b']);
  });

  it('is the cluster\'s where that is wanted', async () => {
    const run = await serving.given({ vars: { ENABLE_KUBELET_SERVING_CERTIFICATE_ROTATION: 'true' } }).call('configureKubeletServing');

    expect(run).toSucceed();
    expect(run).not.toHaveChanged();
    expect([run.variable('KUBELET_FLAGS'), run.variable('KUBELET_NODE_LABELS')]).toEqual(['--max-pods=110 --rotate-server-certificates=true', `a=b,${LABEL}`]);
  });

  it('is left to kubelet where none can be made', async () => {
    const run = await serving.given({ stubs: { openssl: exits(1) } }).call('configureKubeletServing');

    expect(run).toSucceed();
    expect(run.stdout).toContain('no certificate could be made for kubelet to serve with, it is left to make one\n');
    expect(run).toHaveCalledTimes('openssl', 1);
    expect(run.variable('KUBELET_FLAGS')).toBe('--max-pods=110');
    expect(run.fs.readdirSync(CERTIFICATES)).toEqual([]);
  });

  it('stays what it was', async () => {
    const run = await serving.given({ files: { [CERTIFICATE]: 'of an earlier run' } }).call('configureKubeletServing');

    expect(run).toSucceed();
    expect(run.stdout).toBe('kubelet signs the certificate itself that it serves with\n');
    expect(run).not.toHaveChanged();
  });

  it('is nobody\'s where the machine\'s tags cannot be read: the boot ends with 213', async () => {
    const run = await serving.given({ vars: { ENABLE_KUBELET_SERVING_CERTIFICATE_ROTATION: 'true' }, files: { [METADATA]: 'no JSON' } }).call('configureKubeletServing');

    expect(run).toExit(213);
    expect(run.stderr).toContain('Invalid literal');
  });
});

describe('the manifests of the node\'s own pods', () => {
  it('have a place', async () => {
    const run = await configuring.call('createKubeManifestDir');

    expect(run).toSucceed();
    expect(run.fs.readdirSync('/etc/kubernetes/manifests')).toEqual([]);
    expect(run).toHaveChanged();
  });
});
