import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { asText } from '../tree/text-difference.js';
import { isExecutable } from './host-files.js';
import { stringLiteral, textLiteral } from './literals.js';

/** A given file that is written out; a larger one stays where it is. */
const MOST_LINES = 20;
const MOST_CHARACTERS = 1000;

/** Members of `files`. @param files path in the sandbox to path on the host, or nothing for a directory. @param uses receives what of shellrig they name. */
export function givenFileLiterals(files: Readonly<Record<string, string | undefined>>, spec: string, uses: Set<string>): string[] {
  return Object.entries(files).map(([path, host]) => {
    if (host === undefined) {
      uses.add('directory');
      return `${stringLiteral(path)}: directory()`;
    }
    const text = asText(readFileSync(host));
    const mode = isExecutable(host) ? ', { mode: 0o755 }' : '';
    if (text !== undefined && text.length <= MOST_CHARACTERS && text.split('\n').length <= MOST_LINES) {
      if (mode !== '') uses.add('file');
      const literal = textLiteral(text, '    ');
      return `${stringLiteral(path)}: ${mode === '' ? literal : `file(${literal}${mode})`}`;
    }
    uses.add('fileFrom');
    const way = relative(dirname(spec), host);
    return `${stringLiteral(path)}: fileFrom(${stringLiteral(way.startsWith('.') ? way : `./${way}`)}${mode})`;
  });
}
