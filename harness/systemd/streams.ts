import { STREAMS, type Inside } from '../stubs/supervisor.js';
import type { Journal } from './journal.js';
import { problem } from './problem.js';
import type { Unit } from './unit.js';

/** What says of a unit who speaks: its command that runs. */
type Speaking = Unit & { readonly speaker: { readonly identifier: string; readonly pid: number } };

/** What services print, on its way into the journal: a stream for each that ever ran, whatever its lives. */
export class Streams {
  private readonly all = new Map<string, { readonly number: number; pending: string; unit: Speaking }>();

  constructor(private readonly inside: Inside, private readonly journal: Journal) {}

  /** Where a service's output goes: a path of the sandbox. @throws StrictError where there are more services than streams. */
  path(unit: Speaking): string {
    const stream = this.all.get(unit.name) ?? { number: this.all.size, pending: '', unit };
    if (stream.number >= STREAMS) throw problem(unit.name, `more than ${STREAMS} services print`);
    stream.unit = unit;
    this.all.set(unit.name, stream);
    return `/run/shellrig/box/beside/stream/${stream.number}`;
  }

  /** Takes what a service has printed into the journal. @param isLast nobody is left who could end a line. */
  drain(name: string, isLast: boolean): void {
    const stream = this.all.get(name);
    if (!stream) return;
    const lines = (stream.pending + this.inside.read(stream.number).toString()).split('\n');
    stream.pending = isLast ? '' : lines.pop() ?? '';
    const { identifier, pid } = stream.unit.speaker;
    for (const line of lines) if (!isLast || line !== '') this.journal.add(name, identifier, pid, line);
  }

  drainAll(isLast = false): void {
    for (const name of this.all.keys()) this.drain(name, isLast);
  }
}
