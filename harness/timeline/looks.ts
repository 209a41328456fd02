import { isSame, type Activities, type Activity } from './activities.js';
import type { Happening } from './happening.js';
import type { Places } from './places.js';

/** A loop that sleeps, looks, and sleeps again, until something has come to be. */
export interface Look {
  /** What came to be between its last look but one and its last, as far as can be told. */
  readonly cause: Happening;
}

/** Finds what loops that look again and again waited for. */
export class Looks {
  constructor(private readonly happenings: readonly Happening[], private readonly activities: Activities, private readonly places: Places) {}

  /**
   * What the sleep before an instant was for. Who looked before and after it at what came to be meanwhile waited for that; a
   * loop that slept there twice or more may have waited for whatever came last.
   */
  before(sleep: Activity, time: number): Look | undefined {
    const { lane, site } = sleep.happening;
    if (!site) return undefined;
    const since = sleep.start;
    const others = this.happenings.filter((one) => one.lane !== lane && one.kind !== 'end' && one.kind !== 'sleep' && (one.kind !== 'call' || (one.end ?? one.start) > one.start));
    const words = this.wordsOf(lane, since, time);
    const lastOf = (causes: readonly Happening[]) => causes.findLast((one) => namesOf(one).some((name) => words.includes(name))) ?? (this.isAgain(sleep) ? causes.at(-1) : undefined);
    const cause = lastOf(others.filter((one) => isBetween(timeOf(one), since, time))) ?? lastOf(others.filter((one) => isSame(timeOf(one), since) && this.isAfterLook(one, sleep)));
    return cause && { cause };
  }

  /** Whether something of the instant at which a sleep began came after the look before it, or nobody knows. */
  private isAfterLook(one: Happening, { happening }: Activity): boolean {
    const order = one.kind === 'call' ? one.endOrder : one.order;
    if (order === undefined) return true;
    return !this.happenings.some(({ lane, start, order: began = Infinity, endOrder: ended = began }) => lane === happening.lane && began < (happening.order ?? 0) && isSame(start, happening.start) && ended > order);
  }

  /** What the lane looked at just before it slept, and again after it: the words of its calls, and the lines that it executed. */
  private wordsOf(lane: string, since: number, time: number): string {
    const after = new Set(this.lookedAt(lane, time));
    return this.lookedAt(lane, since).filter((look) => after.has(look)).join('\n');
  }

  private lookedAt(lane: string, time: number): string[] {
    const calls = this.happenings.filter(({ kind, lane: of, start, end }) => kind === 'call' && of === lane && (isSame(start, time) || isSame(end ?? -1, time))).map(({ what }) => what);
    return [...calls, ...this.places.linesAt(lane, time)];
  }

  private isAgain({ happening, start }: Activity): boolean {
    return this.activities.of(happening.lane).some((one) => one.happening.what === happening.what && one.happening.site?.line === happening.site?.line && one.happening.site?.file === happening.site?.file && isSame(one.end, start));
  }
}

function timeOf(one: Happening): number {
  return one.kind === 'call' ? one.end ?? Infinity : one.start;
}

function isBetween(time: number, since: number, until: number): boolean {
  return time > since && !isSame(time, since) && (time < until || isSame(time, until));
}

/** What a script would have to name to look at it. */
function namesOf({ kind, change, deed, path, call }: Happening): string[] {
  if (kind === 'state' && change) return [change.subject, change.subject.replace(/\.[a-z]+$/, '')];
  if (deed) return [...deed.did.split(' ').filter((word) => word.startsWith('/')), ...(deed.actor === '' ? [] : [deed.actor])];
  if (path !== undefined) return [path];
  return call ? [call.name] : [];
}
