import { readFileSync } from 'node:fs';
import { didYouMean } from '../diagnostics/suggest.js';
import { judgePatch } from '../revisions/judge-patch.js';
import { passedTests } from '../revisions/passed.js';
import { PatchError } from '../revisions/patch.js';
import { judgementText, listText, replayText, verdictsText } from '../revisions/replay-text.js';
import { loadRegressions, RegressionError, REGRESSIONS_FOLDER, type Regression } from '../revisions/regressions.js';
import { replay } from '../revisions/replay.js';
import type { Project } from '../revisions/run-plan.js';
import { findScriptSets } from '../vitest/find-script-sets.js';
import type { Command } from './command.js';
import { specFilters } from './filters.js';
import { parseOptions, type OptionSpec } from './options.js';
import { checkPlugin, projectRoot, specsPlugins, vitestOf } from './project.js';
import { UsageError } from './usage-error.js';

const OPTIONS: readonly OptionSpec[] = [
  { name: 'all', help: 'puts every recorded defect back, and says in a line each whether the specs notice' },
  { name: 'passed', value: 'FILE', repeats: true, help: 'with --all: what vitest\'s JSON report FILE says passed is not run as it is once more; may be given more than once' },
  { name: 'patch', value: 'FILE', help: 'runs specs with and without this patch of scripts, and says which turn red or green' },
];

/** Without a terminal there is no width to keep to. */
const WIDTH = 160;

/** `shellrig repro`: puts recorded defects back into copies of the scripts, and shows what the specs say. */
export const repro: Command = {
  usage: '[ID]... | --all [--passed FILE]... | --patch FILE [FILTER]...',
  options: OPTIONS,
  notes: `Without arguments it lists the regressions of the project: the folders of ${REGRESSIONS_FOLDER}, each a defect.patch and a
regression.json that names the specs that must fail with it, and why. With an ID it shows what those specs see with the
scripts as they are and with the defect. A FILTER is a part of a spec file's path. Nothing of the project is changed.
Exit code: 0 when every defect shows as stated, or the patch turns no spec red; else 1.`,

  async run(args) {
    const { words, has, value, values } = parseOptions('repro', OPTIONS, args);
    const patch = value('patch');
    if (has('all') && (patch !== undefined || words.length > 0)) throw new UsageError('repro: --all takes no ID and no --patch');
    if (has('passed') && !has('all')) throw new UsageError('repro: --passed FILE goes with --all');
    const passed = new Set(values('passed').flatMap((report) => [...passedBy(report)]));
    const root = projectRoot(process.cwd());
    const project: Project = { root, plugins: specsPlugins(root), check: (vitest) => checkPlugin(vitest, root, 'repro') };
    const sets = findScriptSets(root);
    await vitestOf('repro');
    try {
      if (patch !== undefined) {
        const judgement = await judgePatch(project, sets, readFile('patch', patch), patch, specFilters(words));
        process.stdout.write(judgementText(judgement));
        const { turnedRed, turnedGreen, stayedRed, stayedGreen, faults } = judgement;
        if (turnedRed.length + turnedGreen.length + stayedRed.length + stayedGreen === 0) throw new UsageError(`repro: no spec ran${words.length > 0 ? `: none's path contains '${words.join("' or '")}'` : ''}`);
        return turnedRed.length + faults.length === 0 ? 0 : 1;
      }
      const regressions = loadRegressions(root);
      if (regressions.length === 0) throw new UsageError(`repro: there is no regression in ${REGRESSIONS_FOLDER}`);
      if (!has('all') && words.length === 0) {
        process.stdout.write(listText(regressions));
        return 0;
      }
      const chosen = has('all') ? regressions : words.map((id) => regressionOf(id, regressions));
      const replays = await replay(project, sets, chosen, has('all') ? 'nothing' : 'effects', passed);
      const text = has('all') ? verdictsText(replays) : replays.map((one) => replayText(one, process.stdout.columns ?? WIDTH)).join('\n');
      process.stdout.write(text);
      return replays.every(({ problems }) => problems.length === 0) ? 0 : 1;
    } catch (error) {
      if (error instanceof PatchError || error instanceof RegressionError) throw new UsageError(`repro: ${error.message}`);
      throw error;
    }
  },
};

function regressionOf(id: string, regressions: readonly Regression[]): Regression {
  const found = regressions.find((regression) => regression.id === id);
  if (found) return found;
  const ids = regressions.map((regression) => regression.id);
  throw new UsageError(`repro: there is no regression '${id}'.${didYouMean(id, ids) || ' `shellrig repro` lists them'}`);
}

function passedBy(report: string): ReadonlySet<string> {
  const text = readFile('passed', report);
  try {
    return passedTests(text);
  } catch (error) {
    throw new UsageError(`repro: --passed takes a report of vitest's reporter 'json'; '${report}' is none: ${(error as Error).message}`);
  }
}

function readFile(option: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`repro: --${option} cannot be read: ${(error as Error).message}`);
  }
}
