import type { Function as FunctionNode, SyntaxNode } from 'unbash';
import { linesOf } from './lines.js';
import { memoised } from './memo.js';
import { parseScript, walk } from './parse.js';

/** Where a script defines a function. Offsets are UTF-16 units into the script (as `String.slice` takes them), half open. */
export interface FunctionDefinition {
  readonly name: string;
  /** The line of the name, counted from 1. */
  readonly line: number;
  /** The last line that belongs to the definition, its here-documents included. */
  readonly endLine: number;
  /** Where the body begins: at its `{`, or whatever compound command it is. */
  readonly bodyStart: number;
  /** Behind the body's `}`; redirections of the whole function come after. */
  readonly bodyEnd: number;
  /** The definition as written, from `function` or the name to its end (see `endLine`). */
  readonly text: string;
}

/**
 * The functions that a script defines, in source order: also those inside functions, conditions, loops and
 * subshells, but not those inside `$(...)`, which the script itself can never call. A name that is defined twice
 * comes twice. The result is shared: do not change it.
 */
export const functionsOf: (source: string) => readonly FunctionDefinition[] = memoised(find, 64);

function find(source: string): readonly FunctionDefinition[] {
  const lineAt = linesOf(source);
  const found: FunctionDefinition[] = [];
  walk(parseScript(source), (node) => {
    if (node.type === 'Function') {
      const { pos: bodyStart, end: bodyEnd } = bodyOf(node);
      const end = endOf(node);
      found.push({
        name: node.name.value,
        line: lineAt(node.pos),
        endLine: lineAt(end - 1),
        bodyStart,
        bodyEnd,
        text: source.slice(node.pos, end),
      });
    }
    return holdsStatements(node);
  });
  return found;
}

/** False for what can hold commands only inside a substitution; resolving it would be most of the work. */
function holdsStatements(node: SyntaxNode): boolean {
  switch (node.type) {
    case 'Word':
    case 'Assignment':
    case 'Redirect':
    case 'HereString':
    case 'HereDoc':
    case 'TestCommand':
    case 'ArithmeticCommand':
      return false;
    default:
      return true;
  }
}

/**
 * A function's body without the redirections of the whole function.
 *
 * @internal
 */
export function bodyOf(node: FunctionNode): SyntaxNode {
  return node.body.type === 'Redirected' ? node.body.command : node.body;
}

/** The text of a here-document that is opened on the function's last line comes after its closing brace. */
function endOf(definition: FunctionNode): number {
  let end = definition.end;
  walk(definition, (node) => {
    if (node.type === 'HereDoc') end = Math.max(end, node.closing?.end ?? node.body.end);
    return holdsStatements(node);
  });
  return end;
}
