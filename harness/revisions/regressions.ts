import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A recorded defect: a patch that puts it back, and the specs that must then fail. */
export interface Regression {
  /** The name of its folder. */
  readonly id: string;
  /** What goes wrong, in one sentence. */
  readonly title: string;
  /** The lesson that it puts back, if it is one; its specs carry the same id. */
  readonly lesson: string | undefined;
  readonly specs: readonly [RegressionSpec, ...RegressionSpec[]];
  /** The patch, a unified diff, and its path from the project's root. */
  readonly patch: string;
  readonly patchName: string;
}

/** A test that must fail with the defect, and why. */
export interface RegressionSpec {
  /** The spec's path from the project's root. */
  readonly file: string;
  /** The test's full name: suites and test, joined by ` > `. */
  readonly test: string;
  /** Text that the failure's message must hold. */
  readonly reason: string;
}

/** A regression that is not recorded as it should be. */
export class RegressionError extends Error {
  readonly code = 'SHELLRIG_REGRESSION';
  override readonly name = 'RegressionError';
}

/** Where a project keeps its regressions, from its root. */
export const REGRESSIONS_FOLDER = 'fixtures/regressions';

/**
 * The regressions of a project, in the order of their ids.
 * @throws RegressionError naming the file, the member and the rule for what is not as it should be.
 */
export function loadRegressions(root: string): Regression[] {
  const folder = join(root, REGRESSIONS_FOLDER);
  if (!existsSync(folder)) return [];
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return ids.sort((one, other) => one.localeCompare(other, 'en', { numeric: true })).map((id) => loadRegression(root, id));
}

function loadRegression(root: string, id: string): Regression {
  const name = `${REGRESSIONS_FOLDER}/${id}`;
  const record = parsed(`${name}/regression.json`, textOf(root, `${name}/regression.json`));
  const wrong = (member: string, rule: string): never => {
    throw new RegressionError(`${name}/regression.json: \`${member}\` is ${rule}`);
  };
  const text = (from: Record<string, unknown>, member: string, where = member): string => {
    const value = from[member];
    return typeof value === 'string' && value !== '' ? value : wrong(where, 'a text that is not empty');
  };
  const list = Array.isArray(record['specs']) && record['specs'].length > 0 ? (record['specs'] as unknown[]) : wrong('specs', 'a list of at least one spec');
  const specs = list.map((spec, index) => {
    const members = typeof spec === 'object' && spec !== null ? (spec as Record<string, unknown>) : wrong(`specs[${index}]`, 'an object with file, test and reason');
    const [file, test, reason] = ['file', 'test', 'reason'].map((member) => text(members, member, `specs[${index}].${member}`)) as [string, string, string];
    return { file, test, reason };
  });
  return {
    id, title: text(record, 'title'), lesson: 'lesson' in record ? text(record, 'lesson') : undefined, specs: specs as [RegressionSpec, ...RegressionSpec[]],
    patch: textOf(root, `${name}/defect.patch`), patchName: `${name}/defect.patch`,
  };
}

function textOf(root: string, path: string): string {
  if (!existsSync(join(root, path))) throw new RegressionError(`${path} is missing: a regression is a defect.patch and a regression.json`);
  return readFileSync(join(root, path), 'utf8');
}

function parsed(path: string, text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new RegressionError(`${path} is no JSON: ${(error as Error).message}`);
  }
}
