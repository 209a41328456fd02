import { didYouMean } from '../diagnostics/suggest.js';
import { problem } from './problem.js';
import { partsOf, withSpecifiers } from './specifiers.js';
import type { Setting } from './unit-text.js';
import { booleanOf, signalOf, spanOf, statusSet } from './values.js';
import { splitWords } from './words.js';

/** The directives of [Unit] that name units. */
export const NAMING = ['Requires', 'Requisite', 'Wants', 'BindsTo', 'PartOf', 'Conflicts', 'Before', 'After', 'OnFailure', 'OnSuccess', 'PropagatesReloadTo', 'ReloadPropagatedFrom', 'PropagatesStopTo', 'StopPropagatedFrom'];

/** Throws for what its directive cannot have. @param unit whose it is. */
type Check = (setting: Setting, unit: string) => void;

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  KillMode: ['control-group', 'mixed', 'process', 'none'],
  NotifyAccess: ['none', 'main', 'exec', 'all'],
  Restart: ['no', 'on-success', 'on-failure', 'on-abnormal', 'on-watchdog', 'on-abort', 'always'],
};

const CHECKS: readonly (readonly [keys: RegExp, check: Check])[] = [
  [/^(KillMode|NotifyAccess|Restart)$/, choice],
  [/^StartLimitBurst$/, number],
  [/^(UMask|(Runtime|State|Cache|Logs|Configuration)DirectoryMode)$/, mode],
  [/^(StartLimitInterval(Sec)?|RestartSec|Timeout(Start|Stop|Abort)?Sec|RuntimeMaxSec|WatchdogSec|On(Active|Boot|Startup|UnitActive|UnitInactive)Sec)$/, (setting) => void spanOf(setting)],
  [/^(RefuseManualSt(art|op)|DefaultDependencies|RemainAfterExit|SendSIG(KILL|HUP)|MakeDirectory|Accept)$/, (setting) => void booleanOf(setting)],
  [/^(Final)?KillSignal$|^WatchdogSignal$/, (setting) => void signalOf(setting)],
  [/^(Success|RestartPrevent|RestartForce)ExitStatus$/, (setting) => void statusSet([setting])],
  [/^(Condition|Assert)(Path\w+|DirectoryNotEmpty|FileNotEmpty|FileIsExecutable)$/, (setting, unit) => absolutePath(setting, unit, /^[|!]*\s*/)],
  [/^EnvironmentFile$/, (setting, unit) => absolutePath(setting, unit, /^-?/)],
  [/^WorkingDirectory$/, (setting, unit) => (/^-?~$/.test(setting.value) ? undefined : absolutePath(setting, unit, /^-?/))],
  [/^(Path(Exists|ExistsGlob|Changed|Modified)|DirectoryNotEmpty)$/, (setting, unit) => absolutePath(setting, unit, /^/)],
  [new RegExp(`^(${NAMING.join('|')})$`), unitNames],
  [/^(Unit|Service)$/, unitNames],
];

/**
 * Looks whether a directive can have the value that a unit gives it: systemd passes over what it cannot mean, with a line
 * in the journal, and a test would be green by the default.
 * @param unit its name, for specifiers. @throws StrictError
 */
export function checkSetting(setting: Setting, unit: string): void {
  // An empty value takes back what stood before.
  if (setting.value === '' || setting.section === 'Install') return;
  for (const [keys, check] of CHECKS) if (keys.test(setting.key)) check(setting, unit);
}

function choice({ key, value, place }: Setting): void {
  const known = CHOICES[key] ?? [];
  if (!known.includes(value)) throw problem(place, `${key}=${value} is none of ${known.join(', ')}.${didYouMean(value, known)}`);
}

function number({ key, value, place }: Setting): void {
  if (!/^\d+$/.test(value)) throw problem(place, `${key}=${value} is no number`);
}

function mode({ key, value, place }: Setting): void {
  if (!/^0*[0-7]{1,4}$/.test(value)) throw problem(place, `${key}=${value} is no mode, such as 0022`);
}

/** @param before what may stand before the path. */
function absolutePath({ key, value, place }: Setting, unit: string, before: RegExp): void {
  const path = withSpecifiers(value, partsOf(unit), place).replace(before, '');
  if (!path.startsWith('/')) throw problem(place, `${key}=${value} is no absolute path`);
}

function unitNames({ key, value, place }: Setting, unit: string): void {
  for (const word of splitWords(value, place)) {
    const name = withSpecifiers(word, partsOf(unit), place);
    if (!/.\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name)) throw problem(place, `${key}=${value} names no unit: ${name} has no suffix that units have, such as .service or .target`);
  }
}
