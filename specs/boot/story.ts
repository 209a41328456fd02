import { eventsOf } from '../support/events.js';
import type { Run } from 'shellrig';

/** What runs beside the provisioning, so that its place among the other calls is nobody's to say. */
const BESIDE = /^ +\S+ › (apt-mark|mandb|shutdown) |"TaskName":"AKS\.CSE\.aptmarkWALinuxAgent"/;

/** How much stands in a log, or in the report that holds the end of one: numbers of processes too, which may have a digit more another time. */
const SIZE_OF_LOG = /(?<=^ +(?:\+ \/var\/log\/azure\/\S+\.(?:log|json) 0644 root:root|~ \/var\/log\/azure\/\S+\.log)) +(?:\d+ -> )?\d+ B$/;

/** The report of another boot and that of this one: each holds the end of a log. */
const REPORT_TEXT = /^ +[-+]\{"ExitCode":/;

/**
 * What a run did, as text for people: exit code, calls in their order, changes of the tree, and events by their names. What
 * runs beside all that is left out, and so is what was printed, and how much stands in logs.
 */
export function storyOf(run: Run): string {
  const lines = run.effects().split('\n').filter((line) => !BESIDE.test(line) && !REPORT_TEXT.test(line)).map((line) => line.replace(SIZE_OF_LOG, ''));
  const [events, prints] = [lines.indexOf('events'), lines.indexOf('prints')];
  return [...lines.slice(0, events), 'events', ...tasksOf(run).map((task) => `  ${task}`), ...lines.slice(prints + 3), ''].join('\n');
}

/** The names of a run's events in their order, but for those of what runs beside the provisioning. */
export function tasksOf(run: Run): string[] {
  return eventsOf(run).map(({ TaskName }) => TaskName).filter((task) => task !== 'AKS.CSE.aptmarkWALinuxAgent');
}
