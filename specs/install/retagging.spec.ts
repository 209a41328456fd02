import { describe, expect, it } from 'vitest';
import { exits, fails, returns, takes, when, rest, type Stub } from 'shellrig';
import { lesson } from '../support/lesson.js';
import { ubuntu } from '../support/ubuntu.js';

/** containerd, which answers and has these images. */
function ctr(...images: string[]): Stub {
  const rows = images.map((image) => `${image.padEnd(60)} application/vnd.oci.image.index.v1+json sha256:0 1.0 MiB linux/amd64 -\n`);
  return when(['--namespace', 'k8s.io', 'images', 'list']).returns(`REF ${'TYPE'.padStart(60)} DIGEST SIZE PLATFORMS LABELS\n${rows.join('')}`)
    .when(['--namespace', 'k8s.io', 'image', 'tag', rest]).exits(0)
    .when(['version']).returns('Version: 2.0\n')
    .otherwise(exits(1));
}

const tags = (run: { calls: (name: string) => readonly { args: readonly string[] }[] }) => run.calls('ctr').filter(({ args }) => args[3] === 'tag').map(({ args }) => args.slice(4));

describe('images in the China cloud', () => {
  it('are each named twice more, as the mirrors are', async () => {
    const run = await ubuntu
      .given({ stubs: { ctr: ctr('mcr.microsoft.com/oss/pause:3.6', 'docker.io/library/x:1', 'mcr.microsoft.com/kube-proxy:v1.34.1') } })
      .call('retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(tags(run)).toEqual([
      ['mcr.microsoft.com/oss/pause:3.6', 'mcr.azure.cn/oss/pause:3.6'],
      ['mcr.microsoft.com/oss/pause:3.6', 'mcr.azk8s.cn/oss/pause:3.6'],
      ['mcr.microsoft.com/kube-proxy:v1.34.1', 'mcr.azure.cn/kube-proxy:v1.34.1'],
      ['mcr.microsoft.com/kube-proxy:v1.34.1', 'mcr.azk8s.cn/kube-proxy:v1.34.1'],
    ]);
    expect(run).toPrint('retagging from mcr.microsoft.com/oss/pause:3.6 to mcr.azure.cn/oss/pause:3.6 using ctr\n');
  });

  it('are only those of that host', lesson('C24'), async () => {
    const run = await ubuntu
      .given({ stubs: { ctr: ctr('mcrXmicrosoft.com/pause:1', 'mcr.microsoft.com.evil/pause:1', 'x/mcr.microsoft.com/pause:1', 'mcr.microsoft.com/pause:1') } })
      .call('retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(tags(run).map(([from]) => from)).toEqual(['mcr.microsoft.com/pause:1', 'mcr.microsoft.com/pause:1']);
  });

  it('leave no variable behind', lesson('A7'), async () => {
    const run = await ubuntu.given({ stubs: { ctr: ctr('mcr.microsoft.com/pause:1') } }).call('eval', 'before=$(compgen -v | sort); retagMCRImagesForChina; comm -13 <(echo "$before") <(compgen -v | sort)');

    expect(run).toSucceed();
    expect(tags(run)).toHaveLength(2);
    expect(run.stdout.split('\n').filter((line) => /^\w+$/.test(line) && !/^(before|BASH\w*|PIPESTATUS|_)$/.test(line))).toEqual([]);
  });

  it.each([[[]], [['docker.io/library/x:1']]])('may be none: %j', lesson('A7'), async (images) => {
    const run = await ubuntu.given({ stubs: { ctr: ctr(...images) } }).call('eval', 'set -u; retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(run).toPrint('failed to find mcr images for retag\n');
    expect(tags(run)).toEqual([]);
  });

  it('that have their names already are left alone', async () => {
    const run = await ubuntu
      .given({ stubs: { ctr: ctr('mcr.azure.cn/pause:1', 'mcr.azk8s.cn/pause:10', 'mcr.microsoft.com/pause:1') } })
      .call('retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(tags(run)).toEqual([['mcr.microsoft.com/pause:1', 'mcr.azk8s.cn/pause:1']]);
  });

  it('are not looked at before containerd answers', lesson('A19'), async () => {
    const run = await ubuntu.given({ stubs: { ctr: fails({ times: 3 }).then(ctr('mcr.microsoft.com/pause:1')) } }).call('retagMCRImagesForChina');

    expect(run).toSucceed();
    expect(run.calls('ctr').map(({ args }) => args[0])).toEqual(['version', 'version', 'version', 'version', '--namespace', '--namespace', '--namespace']);
    expect(run).toHaveSleptTimes('100ms', 3);
  });

  it('end with 119 when containerd never answers', lesson('A19'), async () => {
    const run = await ubuntu.with({ stubs: { ctr: exits(0) } }).given({ stubs: { waitForContainerdReady: exits(1) } }).call('retagMCRImagesForChina');

    expect(run).toExit(119);
    expect(run).toHaveCalledTimes('waitForContainerdReady', 1);
    expect(run).not.toHaveCalled('ctr');
  });

  it('end with 119 when they cannot be listed', lesson('C29'), async () => {
    const run = await ubuntu.given({ stubs: { ctr: when(['version']).exits(0).otherwise(exits(1)) } }).call('retagMCRImagesForChina');

    expect(run).toExit(119);
    expect(run).toPrint('containerd did not list its images, they cannot be named\n');
    expect(run).toHaveCalledTimes('ctr', 1, '--namespace', 'k8s.io', 'images', 'list');
  });

  it.each([
    ['listing', when(['version']).exits(0).otherwise(takes('1h')), 30_000],
    ['naming', when(['--namespace', 'k8s.io', 'image', 'tag', rest]).takes('1h').otherwise(ctr('mcr.microsoft.com/pause:1')), 60_000],
  ])('end with 119 when %s them hangs: each call ends after half a minute', async (_, hanging, milliseconds) => {
    const run = await ubuntu.given({ stubs: { ctr: hanging } }).call('retagMCRImagesForChina');

    expect(run).toExit(119);
    expect(run.duration).toBe(milliseconds);
    expect(run).toHaveCalled('ctr');
  });

  it('fail with 119 when one cannot be named, after the others have been', lesson('C29'), async () => {
    const stub = when(['--namespace', 'k8s.io', 'image', 'tag', 'mcr.microsoft.com/a:1', rest]).exits(1);
    const run = await ubuntu
      .given({ stubs: { ctr: stub.when(['--namespace', 'k8s.io', 'images', 'list']).returns('mcr.microsoft.com/a:1 x\nmcr.microsoft.com/b:1 x\n').otherwise(exits(0)) } })
      .call('retagMCRImagesForChina');

    expect(run).toExit(119);
    expect(tags(run)).toHaveLength(4);
  });

  it('are named by the client that is asked for', async () => {
    const run = await ubuntu.given({ stubs: { ctr: returns('') } }).call('retagContainerImage', 'ctr', 'a:1', 'b:1');

    expect(run).toSucceed();
    expect(run).toHaveCalled('ctr', '--namespace', 'k8s.io', 'image', 'tag', 'a:1', 'b:1');
    expect(run.stdout).toBe('retagging from a:1 to b:1 using ctr\n');
  });
});
