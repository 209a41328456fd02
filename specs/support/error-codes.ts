import { readFileSync } from 'node:fs';
import helpers from '#node/cse_helpers.sh';

/** The codes with which provisioning ends, by name, as its scripts define them. */
export const ERROR_CODES: Readonly<Record<string, number>> = Object.fromEntries(
  [...readFileSync(helpers, 'utf8').matchAll(/^(ERR_\w+)=(\d+)\b/gm)].map(([, name, code]) => [name, Number(code)]),
);
