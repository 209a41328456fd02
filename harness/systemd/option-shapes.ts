import { aString, listOf, mapOf, notOf, oneOf, optionsOf, type Shape } from '../diagnostics/shape.js';
import { ACTIVE_STATES } from './unit.js';

/** A unit's name, with or without its type: systemd.unit(5), "DESCRIPTION". */
export const aUnit: Shape = (where, value) => {
  if (typeof value !== 'string' || !/^[\w:\\-][\w:.\\@-]*$/.test(value)) throw notOf(where, "the name of a unit, such as 'agent' or 'agent.socket': letters, digits and : - _ . \\ @", value);
};

/** A state as `systemctl is-active` prints it. */
export const anActiveState: Shape = oneOf(...ACTIVE_STATES);

const named = listOf('names of units', aUnit);
const spans = mapOf('for how long each unit has run', aString);

/** What `systemd` takes. */
export const systemdOptions: Shape = optionsOf({ active, up: aString });

function active(where: string, value: unknown): void {
  if (Array.isArray(value)) return named(where, value);
  spans(where, value);
  for (const name of Object.keys(value as object)) aUnit(`${where}: a name`, name);
}
