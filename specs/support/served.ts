import { basename } from 'node:path';
import { file, fileFrom, real, type FileSpecs, type Stub } from 'shellrig';
import { registryFiles, registryTags, type ServedFile } from '../../fixtures/served/index.js';

/** The port of the sandbox's web server; every sandbox has a loopback of its own. */
export const PORT = 8080;

/** Where it serves, as URLs and as registries are written. */
export const SERVER = `127.0.0.1:${PORT}`;

/** What has to be sourced for `while_served PORT COMMAND...`, by its path from a spec in `specs/install`. */
export const WHILE_SERVED = '../support/while-served.sh';

/** The programs beyond the default set that serving and fetching take. */
export const SERVING_TOOLS = ['busybox', 'jq'] as const;

/** `curl` as it is, and a program that pulls artifacts with it as `oras` does. */
export const fetching: { readonly stubs: { readonly curl: Stub }; readonly files: FileSpecs } = {
  stubs: { curl: real() },
  files: { '/usr/local/bin/oras': fileFrom(new URL('oras.sh', import.meta.url).pathname, { mode: 0o755 }) },
};

/** Files that are served under their own names: `http://127.0.0.1:8080/NAME`. */
export function servedFiles(...paths: string[]): FileSpecs {
  return served(paths.map((path) => ({ url: basename(path), path })));
}

/** A registry with all artifacts of the fixtures. */
export function servedRegistry(): FileSpecs {
  return { ...served(registryFiles()), ...Object.fromEntries(Object.entries(registryTags()).map(([url, json]) => [`/srv/${url}`, json])) };
}

function served(files: readonly ServedFile[]): FileSpecs {
  return { '/srv/index.html': file(''), ...Object.fromEntries(files.map(({ url, path }) => [`/srv/${url}`, fileFrom(path)])) };
}
