import { describe, expect, it } from 'vitest';
import { bash, exits, file, rest, type FileSpecs, type Given } from 'shellrig';
import { configuring } from '../support/configuring.js';
import { IMAGE_NAMES, imageNames } from '../support/containerd.js';
import { lesson } from '../support/lesson.js';

const PAUSE = 'mcr.microsoft.com/oss/v2/kubernetes/pause:3.6';
const CONFIG: FileSpecs = { '/etc/containerd/config.toml': `[plugins]\n  sandbox_image = "${PAUSE}"\n` };
const REGISTRY = { BOOTSTRAP_PROFILE_CONTAINER_REGISTRY_SERVER: 'registry.example' };
const GPU = { GPU_DRIVER_TYPE: 'cuda', GPU_DRIVER_VERSION: '570.1', GPU_IMAGE_SHA: '20260101' };

/** Every user of containerd while a node is provisioned: what it is given, and the code with which it ends where containerd never answers. */
const USERS: readonly (readonly [name: string, Given, code: number, ends: 'exits' | 'returns'])[] = [
  ['retagMCRImagesForChina', { files: imageNames(PAUSE) }, 119, 'exits'],
  ['ensurePodInfraContainerImage', { files: CONFIG, vars: REGISTRY }, 233, 'exits'],
  ['configGPUDrivers', { vars: GPU }, 84, 'exits'],
  ['ensureArtifactStreaming', {}, 153, 'returns'],
];

/** A containerd that refuses to answer so many times, and all that its users do of an image that it has. */
const after = (refusals: number) => bash(`
  touch /run/asked
  case "$*" in
    version) echo x >>/run/asked; [ "$(wc -l </run/asked)" -gt ${refusals} ] || exit 1 ;;
    *) [ "$(wc -l </run/asked)" -gt ${refusals} ] || { echo "containerd is used before it answers" >&2; exit 1; }
       case "$*" in *' images list') cat ${IMAGE_NAMES} ;; *' images list -q') echo ${PAUSE} ;; esac ;;
  esac
`);

/** What the drivers of graphics processors take, and streaming. */
const PROGRAMS = { 'nvidia-modprobe': exits(0), 'nvidia-smi': exits(0), 'ldconfig': exits(0), '/opt/acr/bin/acr-config': exits(0) };
const machine = configuring.with({ stubs: PROGRAMS });
/** What comes of a use is for other specs. */
const USED = { unasserted: { calls: [...Object.keys(PROGRAMS), 'systemctl', 'ctr'], changes: ['/opt/gpu', '/opt/actions', '/run/asked', IMAGE_NAMES] } };

describe.each(USERS)('%s', (name, given, code, ends) => {
  it('waits until containerd answers', lesson('A19'), async () => {
    const run = await machine.given(given).given({ stubs: { ctr: after(30) }, allow: USED }).call(name);

    expect(run).toSucceed();
    expect(run).toHaveCalledTimes('ctr', 31, 'version');
    expect(run).toHaveSleptTimes('0.1s', 30);
    expect(run.stderr).toBe('');
  });

  it(`ends with ${code} when it never answers, which is said, and uses it for nothing`, lesson('A19'), async () => {
    const run = await machine.given(given).given({ stubs: { waitForContainerdReady: exits(1) } }).call('eval', `${name}; code=$?; echo went on; exit $code`);

    expect(run).toExit(code);
    expect(run).toHaveCalledTimes('waitForContainerdReady', 1);
    expect(run.stdout).toBe(ends === 'exits' ? '' : 'went on\n');
    expect(run).not.toHaveCalled('ctr');
    expect(run).not.toHaveCalled('systemctl');
    expect(run).not.toHaveChanged();
  });
});

describe('the image that keeps pods\' namespaces', () => {
  const pause = configuring.given({ files: CONFIG, vars: REGISTRY });

  it('is left alone where containerd has it', async () => {
    const run = await pause.given({ files: imageNames(PAUSE), stubs: { ctr: bash(`[ "$*" = version ] || cut -d ' ' -f 1 ${IMAGE_NAMES}`) } }).call('ensurePodInfraContainerImage');

    expect(run).toSucceed();
    expect(run).toPrint(`Image ${PAUSE} already exists locally, skipping pull\n`, { on: 'stdout' });
    expect(run).toHaveCalledTimes('ctr', 1, '-n', 'k8s.io', 'images', 'list', '-q');
    expect(run).not.toHaveChanged();
  });

  it('comes from the registry of the cluster, keeps its name, and is never cleaned up', async () => {
    const ctr = bash(`case "$*" in version) ;; *' images list -q') cat ${IMAGE_NAMES} 2>/dev/null ;; *' image import '*) echo ${PAUSE} >${IMAGE_NAMES} ;; *' image label '*) ;; *) exit 1 ;; esac`);
    const run = await pause.given({ stubs: { ctr, oras: exits(0) }, files: imageNames() }).call('ensurePodInfraContainerImage');

    expect(run).toSucceed();
    expect(run).toHaveCalledInOrder([
      ['oras', 'copy', 'registry.example/oss/v2/kubernetes/pause:3.6', '--to-oci-layout', '/opt/pod-infra-container-image/layout', rest],
      ['ctr', '-n', 'k8s.io', 'image', 'import', '--base-name', 'mcr.microsoft.com/oss/v2/kubernetes/pause', '/opt/pod-infra-container-image/image.tar'],
      ['ctr', '-n', 'k8s.io', 'image', 'label', PAUSE, 'io.cri-containerd.pinned=pinned'],
    ]);
    expect(run.calls('ctr')).toHaveLength(5);
    expect(run).toHaveChangedOnly({ [IMAGE_NAMES]: file(`${PAUSE}\n`) });
  });

  it.each([
    ['nobody says which it is', { files: { '/etc/containerd/config.toml': '' } }, 'Failed to recognize pod infra container image\n'],
    ['the registry does not have it', { stubs: { retrycmd_if_failure: exits(1), waitForContainerdReady: exits(0) }, allow: { unasserted: { calls: ['retrycmd_if_failure', 'waitForContainerdReady'] } } }, `Failed to bring pod infra container image ${PAUSE}\n`],
  ] satisfies [string, Given, string][])('ends the boot where %s', async (_, given, said) => {
    const run = await pause.given(given).call('ensurePodInfraContainerImage');

    expect(run).toExit(233);
    expect(run).toPrint(said, { on: 'stdout' });
    expect(run.calls('ctr').map(({ args }) => args.at(-1))).toEqual(said.includes('bring') ? ['-q'] : ['version']);
    expect(run).not.toHaveChanged();
  });
});

describe('streaming of images', () => {
  it('is switched on when its services are', lesson('C26'), async () => {
    const run = await machine.call('ensureArtifactStreaming');

    expect(run).toSucceed();
    expect(run).toHappenBefore(['systemctl', '--quiet', 'enable', '--now', 'acr-mirror', 'overlaybd-tcmu', 'overlaybd-snapshotter'], ['/opt/acr/bin/acr-config', '--enable-containerd', 'azurecr.io']);
  });

  it('fails with 153 where they cannot be, and is not switched on', lesson('C26'), async () => {
    const run = await machine.given({ stubs: { waitForContainerdReady: exits(0), retrycmd_if_failure: exits(1) } }).call('ensureArtifactStreaming');

    expect(run).toExit(153);
    expect(run).toHaveCalledTimes('waitForContainerdReady', 1);
    expect(run).toHaveCalledTimes('retrycmd_if_failure', 1, '120', '5', '25', 'systemctl', '--quiet', 'enable', '--now', rest);
    expect(run).not.toHaveCalled('/opt/acr/bin/acr-config');
  });

  it('fails as what switches it on', async () => {
    const run = await machine.given({ stubs: { '/opt/acr/bin/acr-config': exits(1) } }).call('ensureArtifactStreaming');

    expect(run).toExit(1);
    expect(run).toHaveCalled('systemctl');
    expect(run).toHaveCalled('/opt/acr/bin/acr-config');
  });
});
