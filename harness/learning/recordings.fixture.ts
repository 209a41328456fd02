import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { knownFunctions } from './known-functions.js';
import { learn, type Question } from './learn.js';
import { specText } from './spec-text.js';
import { summaryText } from './summary-text.js';

/** Where the fixture scripts lie. */
export const SCRIPTS = fileURLToPath(new URL('testdata', import.meta.url));

/** What a recording came to, as a person sees it. */
export interface Recorded {
  /** Without owners. */
  readonly spec: string;
  /** As it is. */
  readonly text: string;
  readonly summary: string;
}

/** Records a function of a fixture script, or the script as a whole, for a spec beside it. */
export async function recorded(script: string, name: string | undefined, args: readonly string[] = [], more: Partial<Question> = {}): Promise<Recorded> {
  const question: Question = { script: join(SCRIPTS, script), function: name, args, before: [], files: {}, env: {}, vars: {}, stdin: undefined, time: undefined, answers: {}, ...more };
  const learned = await learn(question);
  const known = knownFunctions(question, learned.needs.stubs);
  const text = specText(learned, { spec: join(SCRIPTS, 'out.spec.ts'), sets: {}, known, commandLine: 'shellrig record' });
  return {
    // Where a machine has no real owners, a spec says nothing of them.
    spec: text.replaceAll(", owner: 'root:root'", ''),
    text,
    summary: summaryText(learned, known, undefined),
  };
}

/** The part of a spec between its imports and its expectations: what the shell is made of and what was called. */
export function setUp(spec: string): string {
  return spec.slice(spec.indexOf('const shell'), spec.indexOf('\n\n    expect')).replace(/\n\ndescribe[^\n]*\n[^\n]*\n/, '\n');
}

/** What a spec expects, without indentation. */
export function expected(spec: string): string {
  return spec.slice(spec.indexOf('\n\n    ') + 2, spec.indexOf('\n  });\n});')).replace(/^ {4}/gm, '');
}
