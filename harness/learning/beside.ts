import { readFileSync } from 'node:fs';
import type { SyntaxNode } from 'unbash';
import type { RunRecord } from '../shell/run.js';
import type { Call } from '../stubs/call.js';
import { linesOf } from '../syntax/lines.js';
import { parseScript, walk } from '../syntax/parse.js';
import { wordsOf } from '../syntax/words.js';

/**
 * Whether processes beside each other made some of a run's calls: background jobs, both ends of a pipe, whatever was
 * called while another call had not ended. Nothing but chance orders these.
 */
export function areBeside({ calls, background, leftovers, context }: RunRecord): boolean {
  const jobs = new Set([...background, ...leftovers].map(({ pid }) => pid));
  const jobOf = (call: Call) => call.ancestors.find((pid) => jobs.has(pid));
  if (new Set(calls.map(jobOf)).size > 1) return true;
  const known = new Map<string, ReadonlySet<string>>();
  const elements = (call: Call, depth: number) => {
    const { file = '', line = 0 } = call.stack[depth] ?? {};
    const name = depth === 0 ? call.name : call.stack[depth - 1]?.function ?? '';
    const key = `${file}:${line} ${name}`;
    const found = known.get(key) ?? pipeElements(context.hostPaths.get(file), line, name);
    known.set(key, found);
    return found;
  };
  return calls.some((one, index) => calls.slice(index + 1).some((other) => overlap(one, other) || inOnePipe(one, other, elements)));
}

/** A call that another made, as by `sudo`, ends before it does, and always in this order. */
function overlap(one: Call, other: Call): boolean {
  return (one.end === undefined || other.start < one.end) && !other.ancestors.includes(one.pid) && !one.ancestors.includes(other.pid);
}

type Elements = (call: Call, depth: number) => ReadonlySet<string>;

/** Whether the same line led to both, one as the one end of a pipe and one as another. */
function inOnePipe(one: Call, other: Call, elements: Elements): boolean {
  // From the outermost frame inwards, as far as they came the same way.
  for (let up = 1; up <= Math.min(one.stack.length, other.stack.length); up += 1) {
    const [depth, otherDepth] = [one.stack.length - up, other.stack.length - up];
    const [frame, otherFrame] = [one.stack[depth], other.stack[otherDepth]];
    if (frame?.file !== otherFrame?.file || frame?.line !== otherFrame?.line) return false;
    const [ends, otherEnds] = [elements(one, depth), elements(other, otherDepth)];
    if (ends.size > 0 && otherEnds.size > 0 && ![...ends].some((end) => otherEnds.has(end))) return true;
  }
  return false;
}

/** The ends of pipes on a line that call a command, each under a name of its own. */
function pipeElements(host: string | undefined, line: number, name: string): ReadonlySet<string> {
  const ends = new Set<string>();
  if (host === undefined) return ends;
  const source = readFileSync(host, 'utf8');
  const lineAt = linesOf(source);
  walk(parseScript(source), (node, at) => {
    if (node.type === 'Pipeline' && node.commands.length > 1) node.commands.forEach((element, index) => {
      if (callsOnLine(element, (offset) => lineAt(offset) === line, name)) ends.add(`${at} ${index}`);
    });
    return undefined;
  });
  return ends;
}

function callsOnLine(element: SyntaxNode, isThere: (offset: number) => boolean, name: string): boolean {
  let found = false;
  walk(element, (node, offset) => {
    if (node.type === 'Command' && wordsOf(node).includes(name) && isThere(offset)) found = true;
    return undefined;
  });
  return found;
}
