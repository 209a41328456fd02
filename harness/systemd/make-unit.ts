import { PathUnit, PlainUnit, SocketUnit, TimerUnit } from './plain-units.js';
import { problem } from './problem.js';
import { Service } from './service.js';
import { partsOf } from './specifiers.js';
import type { Context, Unit } from './unit.js';
import type { UnitConfig } from './unit-files.js';

/** A unit of the kind that its name says. @throws StrictError for kinds that the stand-in does not have. */
export function makeUnit(name: string, config: UnitConfig, context: Context): Unit {
  switch (partsOf(name).type) {
    case 'service': return new Service(name, config, context);
    case 'timer': return new TimerUnit(name, config, context);
    case 'path': return new PathUnit(name, config, context);
    case 'socket': return new SocketUnit(name, config, context);
    case 'target': case 'slice': return new PlainUnit(name, config, context);
    default: throw problem(name, 'the stand-in has services, targets, timers, paths, sockets and slices');
  }
}
