import { unmet } from './conditions.js';
import type { Manager } from './manager.js';
import { Trigger } from './plain-units.js';
import type { JobResult, Unit } from './unit.js';

/** Why a unit may not be started now, or undefined where it may: tells the journal, and counts the start. */
export function refusalOf(unit: Unit, manager: Manager): JobResult | undefined {
  const { journal, files, now } = manager;
  const condition = unmet(unit, 'Condition', files);
  unit.conditionResult = !condition;
  unit.unmet = condition && { ...condition, kind: 'Condition', time: now };
  if (condition) {
    journal.say(unit.name, `${unit.title} was skipped because of an unmet condition check (${condition.text}).`);
    return 'skipped';
  }
  const assertion = unmet(unit, 'Assert', files);
  if (assertion) {
    unit.unmet = { ...assertion, kind: 'Assert', time: now };
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
