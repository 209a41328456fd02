import { forEachChild, parse, type ParsedScript, type SyntaxNode } from 'unbash';
import { memoised } from './memo.js';

/**
 * The syntax tree of a bash script, kept for the sources that were last asked for. The parser never throws:
 * of a broken script it gives what it could read. Word parts are only resolved where somebody walks into them.
 *
 * @param source - bash, any version up to 5.3, extglob on.
 */
export const parseScript: (source: string) => ParsedScript = memoised((source) => parse(source), 64);

/**
 * Called for each node, outermost first.
 *
 * @param node - What the parser found.
 * @param offset - Where it starts in the source, in UTF-16 units.
 * @param exact - False inside backquotes with escapes: the parser reads their unescaped text, so `offset` is that
 *   of the whole substitution and the node's own positions mean nothing in the source.
 * @returns False to leave out what is below the node.
 */
export type Visit = (node: SyntaxNode, offset: number, exact: boolean) => boolean | undefined;

/**
 * Walks a tree depth first, in source order.
 *
 * @param root - Where to begin, mostly what {@link parseScript} returned.
 */
export function walk(root: SyntaxNode, visit: Visit): void {
  descend(root, visit, root.pos, undefined);
}

function descend(node: SyntaxNode, visit: Visit, parent: number, anchor: number | undefined): void {
  const unescaped = node.type === 'Script' && node.source !== undefined;
  const base = anchor ?? (unescaped ? parent : undefined);
  const offset = base ?? node.pos;
  if (visit(node, offset, base === undefined) === false) return;
  forEachChild(node, (child) => descend(child, visit, offset, base));
}
