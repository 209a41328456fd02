import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execaSync } from 'execa';
import { file, type EntrySpec } from 'shellrig';
import { program } from '../../fixtures/packages/program.mjs';

/** The version of Kubernetes that images carry and servers give. */
const KUBERNETES = '1.34.1';

/** The seconds that programs take. */
export interface Pace {
  /** containerd, from its start until it listens. */
  readonly containerd: number;
  /** kubelet, from its start until it asks the cluster for anything. */
  readonly kubelet: number;
  /** A node, from its registration until it is ready. */
  readonly ready: number;
}

/** So a node of middle size does. */
export const PACE: Pace = { containerd: 1.3, kubelet: 0.35, ready: 0.21 };

/** containerd: how it acts is told in programs/containerd.sh. */
export function containerd({ containerd: listens_after }: Pace): EntrySpec {
  return file(textOf('containerd', { listens_after }), { mode: 0o755 });
}

/** A service that does nothing but run. */
export const daemon: EntrySpec = file(textOf('daemon'), { mode: 0o755 });

/** kubelet, by how it acts (programs/kubelet.sh), and kubectl, of which only its version is asked. */
function kubernetesPrograms({ kubelet: comes_up_after, ready: is_ready_after }: Pace): Readonly<Record<'kubelet' | 'kubectl', string | Uint8Array>> {
  return { kubelet: textOf('kubelet', { version: `v${KUBERNETES}`, comes_up_after, is_ready_after }), kubectl: program('kubectl', `v${KUBERNETES}`, 'script') };
}

/** Both under versioned names, as an image carries them, with the mode and owner of who built it. */
export function carriedPrograms(pace: Pace): Readonly<Record<string, EntrySpec>> {
  return Object.fromEntries(Object.entries(kubernetesPrograms(pace)).map(([name, content]) => [`/opt/bin/${name}-${KUBERNETES}`, file(content, { mode: 0o600, owner: '1001:1001' })]));
}

/** Each in a system extension, where an image carries it (see fixtures/served/sysexts.mjs for its form). */
export function carriedExtensions(pace: Pace): Readonly<Record<string, EntrySpec>> {
  return Object.fromEntries(Object.entries(kubernetesPrograms(pace)).map(([name, content]) => {
    const members = { [`usr/lib/extension-release.d/extension-release.${name}-sysext`]: 'ID=_any\nARCHITECTURE=x86-64\n', [`usr/bin/${name}`]: content };
    return [`/opt/${name}-sysext/downloads/${name}-sysext-v${KUBERNETES}-1-amd64.raw`, file(archiveOf(members))];
  }));
}

/** Both in a tarball, as servers give it. */
export function servedTarball(pace: Pace): Uint8Array {
  return archiveOf(Object.fromEntries(Object.entries(kubernetesPrograms(pace)).map(([name, content]) => [`kubernetes/node/bin/${name}`, content])), '-z');
}

/** The text of a program of programs/, with values for variables at its top. @throws Error for a variable that it does not set there. */
function textOf(name: string, values: Readonly<Record<string, string | number>> = {}): string {
  let text = readFileSync(new URL(`programs/${name}.sh`, import.meta.url), 'utf8');
  for (const [variable, value] of Object.entries(values)) {
    const line = new RegExp(`^${variable}=.*$`, 'm');
    if (!line.test(text)) throw new Error(`programs/${name}.sh sets no ${variable}`);
    text = text.replace(line, `${variable}=${value}`);
  }
  return text;
}

/** What tar(1) makes of these members. */
function archiveOf(members: Readonly<Record<string, string | Uint8Array>>, ...options: readonly string[]): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  try {
    for (const [path, content] of Object.entries(members)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: path.includes('/bin/') ? 0o755 : 0o644 });
    }
    const tops = new Set(Object.keys(members).map((path) => path.split('/')[0] ?? ''));
    return execaSync('tar', ['-c', ...options, '--owner=0', '--group=0', '--mtime=@0', '-C', folder, ...tops], { encoding: 'buffer', stripFinalNewline: false }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
