import { StrictError } from '../diagnostics/strict-error.js';

/**
 * What a unit or a call asks for and the stand-in does not know, or knows and does not do: never passed over, since a
 * test would be green for a machine that does something else.
 * @param place `FILE:LINE`, or the call.
 */
export function problem(place: string, what: string): StrictError {
  return new StrictError('systemd', `systemd(): ${place}: ${what}`);
}
