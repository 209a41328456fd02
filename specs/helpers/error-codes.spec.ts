import { describe, expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import helpers from '#node/cse_helpers.sh';
import { lesson } from '../support/lesson.js';
import { SCRIPTS } from '../support/scripts.js';

/** What others read: the codes with which provisioning ends, by name. */
const CODES = {
  ERR_SYSTEMCTL_MASK_FAIL: 2, ERR_SYSTEMCTL_START_FAIL: 4, ERR_FILE_WATCH_TIMEOUT: 6, ERR_HOLD_WALINUXAGENT: 7,
  ERR_RELEASE_HOLD_WALINUXAGENT: 8, ERR_APT_INSTALL_TIMEOUT: 9, ERR_CONTAINERD_INSTALL_TIMEOUT: 28, ERR_K8S_DOWNLOAD_TIMEOUT: 31,
  ERR_KUBELET_START_FAIL: 34, ERR_MODPROBE_FAIL: 49, ERR_OUTBOUND_CONN_FAIL: 50, ERR_K8S_API_SERVER_CONN_FAIL: 51,
  ERR_K8S_API_SERVER_DNS_LOOKUP_FAIL: 52, ERR_K8S_API_SERVER_AZURE_DNS_LOOKUP_FAIL: 53, ERR_VHD_FILE_NOT_FOUND: 65,
  ERR_CUSTOM_SEARCH_DOMAINS_FAIL: 80, ERR_GPU_DRIVERS_START_FAIL: 84, ERR_GPU_DRIVERS_INSTALL_TIMEOUT: 85, ERR_APT_UPDATE_TIMEOUT: 99,
  ERR_SYSCTL_RELOAD: 103, ERR_CTR_OPERATION_ERROR: 119, ERR_KUBELET_INSTALL_FAIL: 121, ERR_KUBECTL_INSTALL_FAIL: 122,
  ERR_ENABLE_MANAGED_GPU_EXPERIENCE: 123, ERR_VHD_BUILD_ERROR: 125, ERR_NODE_EXPORTER_START_FAIL: 128, ERR_ARTIFACT_STREAMING_DOWNLOAD: 152,
  ERR_ARTIFACT_STREAMING_INSTALL: 153, ERR_HTTP_PROXY_CA_CONVERT: 160, ERR_UPDATE_CA_CERTS: 161,
  ERR_SECURE_TLS_BOOTSTRAP_CLIENT_DOWNLOAD_ERROR: 169, ERR_DISABLE_SSH: 172, ERR_SNAPSHOT_UPDATE_START_FAIL: 202, ERR_PRIVATE_K8S_PKG_ERR: 203,
  ERR_K8S_INSTALL_ERR: 204, ERR_CREDENTIAL_PROVIDER_DOWNLOAD_TIMEOUT: 205, ERR_ORAS_PULL_K8S_FAIL: 207, ERR_ORAS_PULL_CREDENTIAL_PROVIDER: 208,
  ERR_LOOKUP_DISABLE_KUBELET_SERVING_CERTIFICATE_ROTATION_TAG: 213, ERR_CLEANUP_CONTAINER_IMAGES: 214, ERR_LOCALDNS_FAIL: 216,
  ERR_SECURE_TLS_BOOTSTRAP_START_FAILURE: 220, ERR_NVIDIA_DRIVER_INSTALL: 224, ERR_LOOKUP_ENABLE_MANAGED_GPU_EXPERIENCE_TAG: 230,
  ERR_ORAS_PULL_SYSEXT_FAIL: 231, ERR_PULL_POD_INFRA_CONTAINER_IMAGE: 233, ERR_IMDS_FETCH_FAILED: 234,
};

const shell = defineShell({ source: [helpers] });

describe('the codes with which provisioning ends', () => {
  it('are those that others read', async () => {
    const run = await shell.call('true');

    expect(run).toSucceed();
    expect(Object.fromEntries(Object.keys(CODES).map((name) => [name, Number(run.variable(name))]))).toEqual(CODES);
  });

  it('each mean one thing, and leave 124 to timeout', lesson('C9'), async () => {
    const run = await shell.call('compgen', '-v', 'ERR_');
    const codes = run.stdout.trim().split('\n').map((name) => run.variable(name));

    expect(run).toSucceed();
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes).not.toContain('124');
  });

  it('are defined wherever a script uses them', lesson('C9'), async () => {
    const run = await shell.call('grep', '-rhoE', '\\bERR_[A-Z0-9_]+', SCRIPTS);

    expect(run).toSucceed();
    const used = [...new Set(run.stdout.trim().split('\n')), 'ERR_KUBELET_FAIL'];
    expect(used.filter((name) => !(Number(run.variable(name)) > 0))).toEqual([]);
  });
});
