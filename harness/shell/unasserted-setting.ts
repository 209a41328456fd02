import picomatch from 'picomatch';

/** The environment variable through which the command line asks for a list of unasserted effects: `1`. */
export const LIST_UNASSERTED_VARIABLE = 'SHELLRIG_UNASSERTED';

/** The environment variable through which the plugin tells workers where they fail a test: a JSON list of absolute globs. */
export const FAIL_UNASSERTED_VARIABLE = 'SHELLRIG_FAIL_UNASSERTED';

/** What becomes of the unasserted effects of a spec file's tests: by default nothing, and nobody looks for them. */
export function unassertedSetting(file: string): 'fail' | 'list' | undefined {
  const globs = process.env[FAIL_UNASSERTED_VARIABLE];
  if (globs !== undefined && picomatch(JSON.parse(globs) as string[], { dot: true })(file)) return 'fail';
  return process.env[LIST_UNASSERTED_VARIABLE] === undefined ? undefined : 'list';
}
