import { unmet } from './conditions.js';
import type { Manager } from './manager.js';
import { Trigger } from './plain-units.js';
import type { JobResult, Unit } from './unit.js';

/** Why a unit may not be started now, or undefined where it may: tells the journal, and counts the start. */
export function refusalOf(unit: Unit, manager: Manager): JobResult | undefined {
  const { journal, files } = manager;
  const condition = unmet(unit, 'Condition', files);
  unit.conditionResult = !condition;
  if (condition) {
    journal.say(unit.name, `${unit.title} was skipped because of an unmet condition check (${condition.text}).`);
    return 'skipped';
  }
  if (unmet(unit, 'Assert', files)) {
    journal.say(unit.name, `${unit.name}: Starting requested but asserts failed.`);
    return 'assert';
  }
  if (!unit.mayStart()) {
    unit.refuseStart();
    return 'failed';
  }
  if (unit instanceof Trigger && unit.needsTriggered && manager.unit(unit.triggered).config.load !== 'loaded') {
    journal.say(unit.name, `${unit.name}: ${unit.refusal}`);
    return 'failed';
  }
  return undefined;
}
