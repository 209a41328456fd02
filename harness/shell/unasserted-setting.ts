import { relative } from 'node:path';
import picomatch from 'picomatch';

/** The environment variable through which the command line asks for a list of unasserted effects: `1`. */
export const LIST_UNASSERTED_VARIABLE = 'SHELLRIG_UNASSERTED';

/** The environment variable through which the plugin tells workers where they fail a test: JSON of {@link FailingSpecs}. */
export const FAIL_UNASSERTED_VARIABLE = 'SHELLRIG_FAIL_UNASSERTED';

/** Spec files in which unasserted effects fail a test. */
export interface FailingSpecs {
  /** Absolute. */
  readonly root: string;
  /** Relative to the root. */
  readonly globs: readonly string[];
  /** Of those, the ones that are not meant; relative to the root. */
  readonly except: readonly string[];
}

let known: { readonly text: string; readonly isMeant: (file: string) => boolean } | undefined;

/** What becomes of the unasserted effects of a spec file's tests: by default nothing, and nobody looks for them. */
export function unassertedSetting(file: string): 'fail' | 'list' | undefined {
  const failing = process.env[FAIL_UNASSERTED_VARIABLE];
  if (failing !== undefined && matcherOf(failing)(file)) return 'fail';
  return process.env[LIST_UNASSERTED_VARIABLE] === undefined ? undefined : 'list';
}

/** Every test asks, and the answer hangs on the file alone. */
function matcherOf(text: string): (file: string) => boolean {
  if (known?.text !== text) {
    const { root, globs, except } = JSON.parse(text) as FailingSpecs;
    const matches = picomatch([...globs], { dot: true, ignore: [...except] });
    known = { text, isMeant: (file) => matches(relative(root, file)) };
  }
  return known.isMeant;
}
