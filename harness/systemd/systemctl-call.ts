import type { Manager } from './manager.js';

/** A call of systemctl taken apart. */
export interface SystemctlCall {
  readonly verb: string;
  readonly words: readonly string[];
  /** The process that called it. */
  readonly pid: number;
  /** The call as it was written, for messages. */
  readonly place: string;
  readonly has: (option: string) => boolean;
  /** Values of an option that may stand several times, split at commas. */
  readonly values: (option: string) => readonly string[];
}

/** A unit's name as systemctl completes it: `x` is x.service. */
export function unitName(word: string): string {
  return /\.(service|target|timer|path|socket|slice|mount|automount|device|scope|swap)$/.test(word) ? word : `${word}.service`;
}

/** Names of loaded units that a glob fits, or the name itself. */
export function expanded(manager: Manager, words: readonly string[]): string[] {
  return words.flatMap((word) => {
    if (!/[*?[]/.test(word)) return [unitName(word)];
    const fits = globOf(word);
    return manager.loaded().filter(({ name, config }) => config.load !== 'not-found' && fits.test(name)).map(({ name }) => name).sort();
  });
}

/** A glob of unit names: systemctl(1), "glob". */
export function globOf(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
