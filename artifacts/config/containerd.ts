import type { NodeConfiguration } from './node-configuration.js';

/** The image that keeps a pod's namespaces, without its registry's host. */
const SANDBOX_IMAGE = 'oss/v2/kubernetes/pause:3.6';

/**
 * The configuration file of containerd
 * (https://github.com/containerd/containerd/blob/release/1.7/docs/man/containerd-config.toml.5.md).
 *
 * @param gpu false leaves out what a node with graphics processors has, for one whose drivers are not installed
 */
export function containerdConfig(node: NodeConfiguration, gpu = node.gpu !== undefined): string {
  const runtime = gpu ? 'nvidia-container-runtime' : 'runc';
  return [
    'version = 2',
    'oom_score = -999',
    '[plugins."io.containerd.grpc.v1.cri"]',
    `  sandbox_image = "mcr.microsoft.com/${SANDBOX_IMAGE}"`,
    '  [plugins."io.containerd.grpc.v1.cri".containerd]',
    `    default_runtime_name = "${runtime}"`,
    ...runtimeLines(runtime, 'io.containerd.runc.v2', gpu ? '/usr/bin/nvidia-container-runtime' : '/usr/bin/runc'),
    ...(node.image.kata ? runtimeLines('kata', 'io.containerd.kata.v2') : []),
    '  [plugins."io.containerd.grpc.v1.cri".registry]',
    '    config_path = "/etc/containerd/certs.d"',
    '',
  ].join('\n');
}

function runtimeLines(name: string, type: string, binary?: string): string[] {
  const table = `plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${name}`;
  return [
    `    [${table}]`,
    `      runtime_type = "${type}"`,
    ...(binary ? [`      [${table}.options]`, `        BinaryName = "${binary}"`, '        SystemdCgroup = true'] : []),
  ];
}
