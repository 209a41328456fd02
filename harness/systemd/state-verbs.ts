import { didYouMean } from '../diagnostics/suggest.js';
import type { Outcome } from './calls.js';
import { stateOfFile } from './enablement.js';
import { listTimers, listUnitFiles, listUnits } from './listings.js';
import type { Manager } from './manager.js';
import { problem } from './problem.js';
import { managerProperties, propertiesOf } from './properties.js';
import { statusOf } from './status-text.js';
import { expanded, unitName, type SystemctlCall } from './systemctl-call.js';

/** Verbs that ask and change nothing. */
export function tellState(manager: Manager, asked: SystemctlCall): Outcome {
  const { verb, words } = asked;
  switch (verb) {
    case 'is-active': return judged(asked, expanded(manager, words).map((name) => manager.unit(name).active), (state) => state === 'active' || state === 'reloading', 3);
    case 'is-failed': return judged(asked, expanded(manager, words).map((name) => manager.unit(name).active), (state) => state === 'failed', 1);
    case 'is-enabled': return isEnabled(manager, asked);
    case 'show': return show(manager, asked);
    case 'cat': return cat(manager, words);
    case 'status': return status(manager, asked);
    case 'list-units': return listUnits(manager, asked);
    case 'list-unit-files': return listUnitFiles(manager, asked);
    case 'list-timers': return listTimers(manager, asked);
    case 'get-default': return { out: 'multi-user.target\n' };
    default: {
      const isDegraded = manager.loaded().some(({ active }) => active === 'failed');
      return { out: asked.has('quiet') ? '' : isDegraded ? 'degraded\n' : 'running\n', code: isDegraded ? 1 : 0 };
    }
  }
}

/** One state a line; well when one of them is as it is asked for. */
function judged({ has }: SystemctlCall, states: readonly string[], isWell: (state: string) => boolean, code: number): Outcome {
  return { out: has('quiet') ? '' : states.map((state) => `${state}\n`).join(''), code: states.some(isWell) ? 0 : code };
}

function isEnabled({ unitFiles }: Manager, { words, has }: SystemctlCall): Outcome {
  let err = '';
  let isWell = false;
  const states = words.map(unitName).flatMap((name) => {
    const state = stateOfFile(unitFiles, name);
    if (state === undefined) err += `Failed to get unit file state for ${name}: No such file or directory\n`;
    isWell ||= state !== undefined && ['enabled', 'enabled-runtime', 'static', 'alias', 'indirect', 'generated'].includes(state);
    return state === undefined ? [] : [state];
  });
  return { out: has('quiet') ? '' : states.map((state) => `${state}\n`).join(''), err: has('quiet') ? '' : err, code: isWell ? 0 : 1 };
}

function show(manager: Manager, asked: SystemctlCall): Outcome {
  const { words, place } = asked;
  const wanted = [...asked.values('property'), ...asked.values('P')];
  const isBare = asked.has('value') || asked.has('P');
  const isWanted = (name: string) => wanted.length === 0 || wanted.includes(name);
  const tables = words.length === 0 ? [managerProperties(manager)] : expanded(manager, words).map((name) => propertiesOf(manager.unit(name), manager, isWanted));
  const shown = tables.map((properties) => {
    for (const property of wanted) {
      if (!properties.has(property) && (words.length === 0 || !EVERYWHERE.has(property))) throw problem(place, `the stand-in knows no property ${property}.${didYouMean(property, properties.keys())}`);
    }
    return [...properties].filter(([key, text]) => (wanted.length === 0 ? text !== '' || asked.has('all') : isWanted(key))).map(([key, text]) => (isBare ? `${text}\n` : `${key}=${text}\n`)).join('');
  });
  return { out: shown.join('\n') };
}

/** Of services alone: of other units they are passed over. */
const EVERYWHERE = new Set(['MainPID', 'Result', 'NRestarts', 'ExecMainStatus', 'ExecMainCode', 'ExecMainPID', 'Type', 'Restart', 'InvocationID', 'StatusText']);

function cat({ unitFiles }: Manager, words: readonly string[]): Outcome {
  let err = '';
  const texts = words.map(unitName).flatMap((name) => {
    const { fragment, dropIns } = unitFiles.load(name);
    const paths = [...(fragment === undefined ? [] : [fragment]), ...dropIns];
    if (paths.length === 0) err += `No files found for ${name}.\n`;
    return paths.map((path) => `# ${path}\n${unitFiles.files.text(path) ?? ''}`);
  });
  return { out: texts.join('\n'), err, code: err === '' ? 0 : 1 };
}

function status(manager: Manager, asked: SystemctlCall): Outcome {
  const names = expanded(manager, asked.words);
  if (names.length === 0) throw problem(asked.place, 'the stand-in tells the status of units: name one');
  let err = '';
  let code = 0;
  const texts: string[] = [];
  for (const name of names) {
    const unit = manager.unit(name);
    if (unit.config.load === 'not-found' && unit.active === 'inactive') {
      err += `Unit ${name} could not be found.\n`;
      code = 4;
      continue;
    }
    const { text, warning } = statusOf(unit, manager, asked);
    texts.push(text);
    err += warning;
    if (!['active', 'reloading'].includes(unit.active) && code === 0) code = 3;
  }
  return { out: texts.join('\n'), err, code };
}
