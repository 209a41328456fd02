/** A named folder of scripts that `--scripts NAME=DIR` can replace. */
export interface ScriptSet {
  readonly name: string;
  /** The folder that imports name, absolute. */
  readonly directory: string;
  /** The folder that is used: the same, or the one that `--scripts` gave. */
  readonly use: string;
}

/** The environment variable through which the vitest plugin tells its workers; JSON of {@link ScriptSet}[]. */
export const SCRIPT_SETS_VARIABLE = 'SHELLRIG_SCRIPT_SETS';

let cached: { text: string; sets: readonly ScriptSet[] } | undefined;

/** The script sets of this project, as the vitest plugin told; none without the plugin. */
export function scriptSets(): readonly ScriptSet[] {
  const text = process.env[SCRIPT_SETS_VARIABLE] ?? '[]';
  if (cached?.text !== text) cached = { text, sets: JSON.parse(text) as ScriptSet[] };
  return cached.sets;
}
