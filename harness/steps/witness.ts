import type { PathEvent, Witnessed } from '../shell/run.js';
import type { Site } from '../stubs/call.js';

/** Of inotify(7). */
const MODIFY = 0x2, ATTRIB = 0x4, MOVED_FROM = 0x40, MOVED_TO = 0x80, CREATE = 0x100, DELETE = 0x200, OVERFLOW = 0x4000;

/** One path while its story is read. */
interface Story {
  readonly events: PathEvent[];
  isThere: boolean;
  /** Mode and owner when last looked at. */
  attributes: string;
  /** Which file it was then, and what lay in it. */
  content: string;
  /** How a directory above it came since then. */
  arrival: 'made' | 'moved in' | undefined;
  /** Whether what lies there is another thing than when last looked at. */
  isOther: boolean;
  /** Whether something was written to it since then. */
  isWritten: boolean;
  /** An event that only a look can tell to be one. */
  pending: PathEvent | undefined;
}

/** Makes sense of the `W` records of a run (harness/sandbox/guard/witness.h). */
export class Witness {
  private readonly directories = new Map<number, string>();
  private readonly watches = new Map<string, number>();
  private readonly stories = new Map<string, Story>();
  private isWhole = false;
  private isLost = false;

  /** One record. @param stack where the scripts were, innermost first. */
  read(what: string, text: string, stack: readonly Site[]): void {
    const numbers = what.slice(1).split(' ').map(Number);
    if (what === 'begin') this.begin();
    else if (what === 'end') this.end(stack);
    else if (what === 'lost') this.isLost = true;
    else if (what === '-') this.watches.delete(text);
    else if (what.startsWith('+')) this.watch(numbers[0]!, text);
    else if (what.startsWith('!')) this.happen(numbers[0]!, numbers[1]!, text, stack);
    else if (what.startsWith('=')) this.look(text, what.slice(1), stack);
  }

  /** What happened, by path. @param paths all of which the run was to tell. */
  found(paths: readonly string[]): ReadonlyMap<string, Witnessed> {
    const isWhole = this.isWhole && !this.isLost;
    return new Map(paths.map((path) => {
      const story = this.stories.get(path);
      return [path, { path, events: story?.events ?? [], isWhole: isWhole && story !== undefined }];
    }));
  }

  /** What a run is given before it begins is nothing that happens. */
  private begin(): void {
    this.directories.clear();
    this.watches.clear();
    this.stories.clear();
    this.isWhole = false;
  }

  private watch(watch: number, directory: string): void {
    this.directories.set(watch, directory);
    this.watches.set(directory, watch);
  }

  private happen(watch: number, mask: number, name: string, stack: readonly Site[]): void {
    if (mask & OVERFLOW) this.isLost = true;
    const directory = this.directories.get(watch);
    // A directory that was moved away is still watched, and no longer the one of its path.
    if (directory === undefined || this.watches.get(directory) !== watch) return;
    const happened = directory === '/' ? `/${name}` : `${directory}/${name}`;
    for (const [path, story] of this.stories) {
      if (path === happened) happenTo(story, mask, stack);
      else if (path.startsWith(`${happened}/`)) happenAbove(story, mask, stack);
    }
  }

  /** The state of a path, after what happened to it. */
  private look(path: string, state: string, stack: readonly Site[]): void {
    const attributes = state.split(' ', 3).join(' ');
    const content = state.split(' ').slice(3).join(' ');
    const isThere = state !== '';
    const story = this.stories.get(path);
    if (!story) {
      this.stories.set(path, { events: [], isThere, attributes, content, arrival: undefined, isOther: false, isWritten: false, pending: undefined });
      return;
    }
    if (story.arrival && isThere && !story.isThere) add(story, story.arrival === 'moved in' ? 'moved in' : 'unseen', stack);
    if (isThere && !story.isThere && !story.arrival && isExchange(story.events)) {
      story.events.pop();
      story.isThere = true;
    }
    if (isFile(state) && isFile(story.attributes) && !story.isOther && !story.isWritten && story.content !== content && inodeIn(story.content) === inodeIn(content)) add(story, 'other content', []);
    if (story.pending && (story.isOther || story.attributes !== attributes)) story.events.push(story.pending);
    Object.assign(story, { attributes, content, arrival: undefined, isOther: false, isWritten: false, pending: undefined });
  }

  private end(stack: readonly Site[]): void {
    this.isWhole = true;
    for (const story of this.stories.values()) {
      if ((story.attributes !== '') !== story.isThere) add(story, story.isThere ? 'gone' : 'unseen', stack);
    }
  }
}

function isFile(state: string): boolean {
  return (Number(state.split(' ')[0]) & 0o170000) === 0o100000;
}

function inodeIn(content: string): string | undefined {
  return content.split(' ')[0];
}

/** One name took another's place and gave it its own (renameat2(2), RENAME_EXCHANGE): told as if it had gone afterwards. */
function isExchange(events: readonly PathEvent[]): boolean {
  return events.at(-1)?.kind === 'gone' && events.at(-2)?.kind === 'moved in';
}

function happenTo(story: Story, mask: number, stack: readonly Site[]): void {
  if (mask & (DELETE | MOVED_FROM)) add(story, 'gone', stack);
  if (mask & CREATE) add(story, 'made', stack);
  if (mask & MOVED_TO) add(story, 'moved in', stack);
  if (mask & MODIFY) add(story, 'written', stack);
  // Times change too, and owners to what they were.
  if (mask & ATTRIB) story.pending ??= { kind: 'attributes', stack };
}

function happenAbove(story: Story, mask: number, stack: readonly Site[]): void {
  if (mask & (DELETE | MOVED_FROM) && story.isThere) add(story, 'gone', stack);
  if (mask & CREATE) story.arrival = 'made';
  if (mask & MOVED_TO) story.arrival = 'moved in';
}

function add(story: Story, kind: PathEvent['kind'], stack: readonly Site[]): void {
  if (kind === 'written') story.isWritten = true;
  else if (kind !== 'other content') {
    story.isThere = kind !== 'gone';
    story.isOther = true;
  }
  if (story.events.at(-1)?.kind !== kind || kind === 'moved in') story.events.push({ kind, stack });
}
