#!/usr/bin/env node
// Makes a fresh clone ready: `node .setup/main.mjs specs|test|build`. Plain Node, since nothing is installed yet.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDist } from './build.mjs';
import { installDebianPackages } from './debian.mjs';
import { SetUpError } from './error.mjs';
import { withLock } from './lock.mjs';
import { installNodeModules } from './node-modules.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** What each purpose needs. `build` is for packing: no sandbox runs, but types must hold. */
const PURPOSES = {
  specs: { programsFor: ['specs'], strictBuild: false },
  test: { programsFor: ['specs', 'test'], strictBuild: false },
  build: { programsFor: [], strictBuild: true },
};

try {
  setUp(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  process.stderr.write(`set-up: ${error.message}\n`);
  process.exitCode = error.exitCode;
}

/** @param {string[]} args */
function setUp(args) {
  const purpose = PURPOSES[/** @type {keyof typeof PURPOSES} */ (args[0] ?? 'specs')];
  if (purpose === undefined || args.length > 1) {
    throw new SetUpError(`expected one of ${Object.keys(PURPOSES).join(', ')}, got '${args.join(' ')}'`, 2);
  }
  checkNode(process.versions.node);
  installDebianPackages(purpose.programsFor);
  withLock(ROOT, () => {
    installNodeModules(ROOT);
    buildDist(ROOT, purpose.strictBuild);
  });
}

/** @param {string} version as in `process.versions.node` */
function checkNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetUpError(`Node ${version} is too old: shellrig needs 20.19 or later; install one and run this again`);
  }
}
