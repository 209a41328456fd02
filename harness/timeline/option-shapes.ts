import { mapOf, notOf, optionsOf, shape, type Shape } from '../diagnostics/shape.js';
import { isSelector } from './happening.js';

/** What names an instant, for messages. */
export const SELECTORS = "called('name', ...), ended(...), emitted(...), changed('/path'), acted(...) or unitIs(...)";

const anInstant = shape(`an instant, named by ${SELECTORS}`, isSelector);

/** What `timeline.milestones` takes. */
export const instants: Shape = mapOf("instants by name, such as { ready: called('ready') }", anInstant);

/** What pictures of a timeline take. */
export const pictureOptions: Shape = optionsOf({
  milestones: instants,
  to: anInstant,
  width: shape('a whole number of columns, from 1', (value) => Number.isSafeInteger(value) && (value as number) >= 1),
});

const times = mapOf('milliseconds by name, as run.timeline.milestones({ ... }) gives them', shape('a number of milliseconds', (value) => value === undefined || Number.isFinite(value)));

/** When milestones were: what `compareMilestones` takes two of. */
export const milestoneTimes: Shape = (where, value) => {
  // A run has its milestones only when it is asked for them.
  if (typeof value === 'object' && value !== null && 'record' in value && typeof value.record === 'object') throw notOf(where, 'what its run.timeline.milestones({ ... }) gives', value);
  times(where, value);
};

/** What `compareMilestones` calls its columns. */
export const columnNames: Shape = shape("two texts, such as ['before', 'after']", (value) => Array.isArray(value) && value.length === 2 && value.every((name) => typeof name === 'string'));
