import { copyFile, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { execa } from 'execa';
import stripAnsi from 'strip-ansi';
import { dir as temporaryFolder } from 'tmp-promise';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url)).replace(/\/$/, '');

/** A project's files by path: their text, or the file to copy. */
export type InlineFiles = Readonly<Record<string, string | URL>>;

/** How an inline project is run. */
export interface InlineOptions {
  /** Further arguments of `vitest run`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** What a run of an inline project came to. */
export interface InlineResult {
  readonly exitCode: number | undefined;
  /** All that vitest printed, without colours and durations; the project's folder is `<root>`. */
  readonly report: string;
  /** What it printed of each failing test or file, by `file > test`: from the error to the code around the spec's line. */
  readonly failures: ReadonlyMap<string, string>;
}

/** A project that lies on the disk until it is removed. */
export interface InlineProject {
  readonly root: string;
  /** Removes it. */
  remove(): Promise<void>;
}

/**
 * Runs vitest on a small project of its own, with this repository's plugin and matchers. Never throws for what the
 * project does.
 */
export async function runInline(files: InlineFiles, { args = [], env = {} }: InlineOptions = {}): Promise<InlineResult> {
  const project = await inlineProject(files);
  try {
    const { exitCode, all } = await execa('node', [VITEST, 'run', ...args], { cwd: project.root, env: inlineEnvironment(env), extendEnv: false, reject: false, all: true });
    const report = normalised(all, project.root);
    return { exitCode, report, failures: failuresIn(report) };
  } finally {
    await project.remove();
  }
}

/** Writes a project from which `shellrig` and `vitest` resolve to those of this repository: the former as it is published. */
export async function inlineProject(files: InlineFiles): Promise<InlineProject> {
  await built();
  const { path: root, cleanup } = await temporaryFolder({ unsafeCleanup: true });
  await mkdir(join(root, 'node_modules'));
  await symlink(REPOSITORY, join(root, 'node_modules/shellrig'));
  await symlink(join(REPOSITORY, 'node_modules/vitest'), join(root, 'node_modules/vitest'));
  for (const [path, content] of Object.entries({ ...DEFAULTS, ...files })) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await (typeof content === 'string' ? writeFile(join(root, path), content) : copyFile(content, join(root, path)));
  }
  return { root, remove: cleanup };
}

/** Resolves once `dist/` is what comes of the sources as they are. */
export function built(): Promise<unknown> {
  return building ??= execa('node', ['.setup/main.mjs', 'build'], { cwd: REPOSITORY });
}

let building: Promise<unknown> | undefined;

/** All files of a folder, to copy. */
export async function filesOf(folder: URL): Promise<InlineFiles> {
  const path = fileURLToPath(folder);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [relative(path, file), pathToFileURL(file)]));
}

/** The command of vitest, for a run under the eyes of a test. */
export const VITEST = join(REPOSITORY, 'node_modules/vitest/vitest.mjs');

/** Nothing of the vitest that runs the test reaches the one that it starts. */
export function inlineEnvironment(env: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH = '', HOME = '', TMPDIR } = process.env;
  return { PATH, HOME, ...(TMPDIR === undefined ? {} : { TMPDIR }), LANG: 'C.UTF-8', NO_COLOR: '1', ...env };
}

const DEFAULTS: InlineFiles = {
  'package.json': JSON.stringify({ type: 'module', imports: { '#scripts/*': './scripts/*' } }),
  'vitest.config.ts': "export { default } from './base.config.js';",
  ...pluginWith(''),
};

/**
 * The configuration of an inline project with options of the plugin, as text. Node itself loads shellrig, as where it
 * is installed: vite takes what a link leads to for a source, and would transform all of it in each of a hundred runs.
 */
export function pluginWith(options: string): InlineFiles {
  return {
    'base.config.ts': `
      import { defineConfig } from 'vitest/config';
      import { shellrig } from 'shellrig/vitest';
      export default defineConfig({ plugins: [shellrig(${options})], test: { server: { deps: { external: [${new RegExp(`^${REPOSITORY.replaceAll(/[^\w/]/g, String.raw`\$&`)}/dist/`)}] } } } });
    `,
  };
}

/** The report as it is everywhere and every time. */
export function normalised(report: string, root: string): string {
  return stripAnsi(report)
    .replaceAll(root, '<root>')
    .replaceAll(basename(root), '<root>')
    .replaceAll(REPOSITORY, '<shellrig>')
    .replace(/^ RUN .*$/gm, ' RUN')
    .replace(/^ +(?:Start at|Duration) .*\n/gm, '')
    .replace(/ \d+(?:\.\d+)?m?s$/gm, '')
    // Of passing tests only the slow ones are listed, which is as it comes.
    .replace(/^ {3,}✓ .*\n/gm, '')
    .replace(/[ \t]+$/gm, '')
    .trim();
}

/** Reports of single failures: from the line that names the test to the ruler that ends it. */
function failuresIn(report: string): Map<string, string> {
  const blocks = report.split(/\n⎯+(?:\[\d+\/\d+\])?⎯+(?=\n|$)/).flatMap((block) => {
    const lines = block.trim().split('\n');
    const names = lines.flatMap((line) => /^ ?FAIL +(.+)$/.exec(line)?.[1] ?? []);
    const text = lines.slice(lines.findLastIndex((line) => /^ ?FAIL +/.test(line)) + 1).join('\n').trim();
    return names.map((name): [string, string] => [name.replace(/ \[ .* \]$/, ''), text]);
  });
  return new Map(blocks);
}
