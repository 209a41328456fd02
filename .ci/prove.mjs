#!/usr/bin/env node
// `npm run prove`: empties each function of artifacts/ in turn and turns each `exit N` and `return N` into success;
// every one must turn a spec red. `npm run prove -- WORD...` tries only mutants whose id holds a word.

import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

process.exitCode = await main(process.argv.slice(2));

/**
 * @param {string[]} words
 * @returns {Promise<number>} the exit code
 */
async function main(words) {
  const { prove, UnprovenError } = await built('revisions/prove.js');
  const { specsPlugins } = await built('cli/project.js');
  const { findScriptSets } = await built('vitest/find-script-sets.js');
  const wanted = (/** @type {string} */ id) => words.length === 0 || words.some((word) => id.includes(word));
  const started = performance.now();
  try {
    const proofs = await prove({ root: ROOT, plugins: specsPlugins(ROOT, false) }, findScriptSets(ROOT), wanted, (/** @type {string} */ line) => console.error(line));
    if (proofs.length === 0) throw new UnprovenError(`there is no mutant whose id holds '${words.join("' or '")}'`);
    console.log(table(proofs));
    const noticed = proofs.filter((/** @type {Proof} */ { verdict }) => verdict === 'noticed').length;
    console.log(`\n${noticed} of ${proofs.length} mutants are noticed, ${proofs.length - noticed} are not (${((performance.now() - started) / 1000).toFixed(0)} s)`);
    return noticed === proofs.length ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Error && error instanceof UnprovenError)) throw error;
    console.error(`prove: ${error.message}`);
    return 1;
  }
}

/**
 * @typedef {object} Proof
 * @property {{ id: string }} mutant
 * @property {'noticed' | 'unnoticed' | 'not executed'} verdict
 * @property {{ test: { file: string, name: string } }} [by]
 */

/**
 * The mutants that nobody notices come last, where they are seen.
 *
 * @param {Proof[]} proofs
 */
function table(proofs) {
  const width = Math.max(...proofs.map(({ mutant }) => mutant.id.length));
  const last = proofs.toSorted((one, other) => Number(one.verdict !== 'noticed') - Number(other.verdict !== 'noticed'));
  return last.map(({ mutant, verdict, by }) => `${mutant.id.padEnd(width)}  ${verdict === 'noticed' ? 'noticed' : verdict.toUpperCase()}${by ? `  ${by.test.file} > ${by.test.name}` : ''}`).join('\n');
}

/**
 * A module of dist/, which the set-up has built.
 *
 * @param {string} path
 */
function built(path) {
  return import(pathToFileURL(join(ROOT, 'dist', path)).href);
}
