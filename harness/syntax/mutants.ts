import type { Command, Function as FunctionNode, HereDoc, Word } from 'unbash';
import { bodyOf } from './functions.js';
import { linesOf } from './lines.js';
import { parseScript, walk } from './parse.js';
import { literalOf, wordsOf } from './words.js';

/** One deliberate defect in a script: specs that stay green with it do not check what it breaks. */
export interface Mutant {
  /**
   * The same as long as the script is: `helpers.sh:retry:empty`, `helpers.sh:retry:return@12`,
   * `main.sh:(top level):exit@3`; `#2` and so on behind it where that alone is not unique.
   */
  readonly id: string;
  readonly kind: 'empty function' | 'exit to success' | 'return to success';
  /** The innermost function it lies in, undefined at top level. */
  readonly function: string | undefined;
  /** Counted from 1: the function's name, or the `exit` or `return`. */
  readonly line: number;
  /** The whole script with the defect in it; every other line keeps its number. */
  apply(): string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The mutants of a script, in source order: each function with an empty body (`:`), and each `exit` or `return`
 * whose operand is not literally success turned into `exit 0` or `return 0`. Left out is what changes nothing: a
 * body that is only `:` or `true`, `return 0`, a bare `return`. What `trap` and `eval` get as strings, and what
 * stands in backquotes with escapes, stays as it is.
 *
 * @param path - What the ids begin with: the script's name to people.
 */
export function mutantsOf(source: string, path: string): Mutant[] {
  const lineAt = linesOf(source);
  const mutants: Mutant[] = [];
  const taken = new Map<string, number>();
  const definitions: FunctionNode[] = [];

  function add(kind: Mutant['kind'], name: string | undefined, line: number, what: string, edits: readonly Edit[]): void {
    const id = `${path}:${name ?? '(top level)'}:${what}`;
    const count = (taken.get(id) ?? 0) + 1;
    taken.set(id, count);
    mutants.push({ id: count === 1 ? id : `${id}#${count}`, kind, function: name, line, apply: () => applied(source, edits) });
  }

  walk(parseScript(source), (node, offset, exact) => {
    if (!exact) return false;
    if (node.type === 'Function') {
      definitions.push(node);
      const edits = emptied(source, node);
      if (edits !== undefined) add('empty function', node.name.value, lineAt(offset), 'empty', edits);
    } else if (node.type === 'Command') {
      const failure = failureOf(node);
      if (failure !== undefined) {
        const { word, operand } = failure;
        const inside = definitions.findLast((definition) => definition.pos <= offset && offset < definition.end);
        const line = lineAt(offset);
        const kind = word === 'exit' ? 'exit to success' : 'return to success';
        add(kind, inside?.name.value, line, `${word}@${line}`, [success(source, operand)]);
      }
    }
    return undefined;
  });
  return mutants;
}

function applied(source: string, edits: readonly Edit[]): string {
  let text = source;
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end);
  }
  return text;
}

/** Undefined when the body does nothing as it is. */
function emptied(source: string, definition: FunctionNode): Edit[] | undefined {
  const { pos: start, end } = bodyOf(definition);
  if (/^[{(]\s*(?::|true)\s*;?\s*[})]$/.test(source.slice(start, end))) return undefined;
  const breaks = source.slice(start, end).replaceAll(/[^\n]/g, '');
  const edits: Edit[] = [{ start, end, text: breaks === '' ? '{ :; }' : `{ :${breaks}}` }];
  walk(bodyOf(definition), (node) => {
    if (node.type === 'HereDoc' && node.body.pos >= end) edits.push(withoutText(source, node));
    return undefined;
  });
  return edits;
}

/** A here-document opened on the body's last line stands behind it and would be run as commands. */
function withoutText(source: string, document: HereDoc): Edit {
  const { pos: start } = document.body;
  const end = document.closing?.end ?? document.body.end;
  return { start, end, text: source.slice(start, end).replaceAll(/[^\n]/g, '') };
}

/** An `exit` or `return` that can report a failure, and the operand that does. */
function failureOf(command: Command): { word: 'exit' | 'return'; operand: Word } | undefined {
  const [word] = wordsOf(command);
  const operand = command.args[0];
  if ((word !== 'exit' && word !== 'return') || operand?.type !== 'Word') return undefined;
  const literal = literalOf(operand);
  if (literal !== undefined && Number(literal) % 256 === 0) return undefined;
  return { word, operand };
}

/** An operand over several lines leaves as many continued ones. */
function success(source: string, operand: Word): Edit {
  const { pos: start, end } = operand;
  return { start, end, text: `0${source.slice(start, end).replaceAll(/[^\n]/g, '').replaceAll('\n', '\\\n')}` };
}
