import { readFileSync } from 'node:fs';
import type { Script } from './scripts.js';

/** Placeholder until syntax is wired. */
export function freshReason(entry: string, scripts: readonly Script[]): string | undefined {
  void entry; void scripts; void readFileSync;
  return undefined;
}
