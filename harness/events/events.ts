import picomatch from 'picomatch';
import { comparePaths } from '../tree/compare.js';
import { asText } from '../tree/text-difference.js';
import type { EmittedEvent } from '../shell/run.js';
import type { Tree } from '../tree/entry.js';

/** Where scripts leave events, and how one is read. */
export interface EventSource {
  /** The glob that the events' files match. */
  readonly pattern: string;
  /**
   * The events in a tree, in the order of their files' paths.
   * @throws Error naming the file and its text when one cannot be parsed.
   */
  read(tree: Tree): EmittedEvent[];
}

/**
 * Declares that scripts emit events as files: one event a file.
 * @param pattern absolute glob: `*` and `?` within a path's part, `**` across parts, `{a,b}` either. Names that begin with a dot match too.
 * @param parse makes an event of a file's text; default JSON.parse.
 * @throws TypeError when the pattern is not absolute.
 */
export function eventsFrom(pattern: string, parse: (text: string) => unknown = JSON.parse): EventSource {
  if (!pattern.startsWith('/')) {
    throw new TypeError(`eventsFrom() takes an absolute glob, such as '/var/log/events/*.json'; received '${pattern}'.`);
  }
  const matches = picomatch(pattern, { dot: true });
  return {
    pattern,
    read: (tree) => [...tree.keys()].filter((path) => matches(path)).sort(comparePaths).flatMap((path) => {
      const entry = tree.get(path)!;
      return entry.kind === 'file' ? [{ path, value: parsed(path, entry.content, pattern, parse) }] : [];
    }),
  };
}

function parsed(path: string, content: Buffer, pattern: string, parse: (text: string) => unknown): unknown {
  const text = asText(content);
  try {
    if (text === undefined) throw new Error('it is not UTF-8 text');
    return parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error([
      `The event file ${path} cannot be read: ${reason}`,
      '',
      `  It matches ${pattern} and holds ${content.length} B${content.length === 0 ? '.' : ':'}`,
      ...(content.length === 0 ? [] : [`  ${JSON.stringify((text ?? content.toString('latin1')).slice(0, 400))}`]),
      '',
      '  If the scripts write it so, they are at fault. If it is no event, narrow the pattern of eventsFrom().',
    ].join('\n'), { cause: error });
  }
}
