import type { Files } from './files.js';
import { checkSetting } from './setting-checks.js';
import { partsOf, withSpecifiers } from './specifiers.js';
import { parseUnit, type Setting } from './unit-text.js';
import { splitWords } from './words.js';

/** Where unit files lie, the first first: systemd.unit(5), "Unit File Load Path". */
export const UNIT_DIRECTORIES = ['/etc/systemd/system', '/run/systemd/system', '/usr/local/lib/systemd/system', '/usr/lib/systemd/system'];

/** A unit as its files say. */
export interface UnitConfig {
  readonly name: string;
  readonly load: 'loaded' | 'not-found' | 'masked' | 'bad-setting';
  /** Its own file; undefined for what has none. */
  readonly fragment: string | undefined;
  readonly dropIns: readonly string[];
  readonly settings: readonly Setting[];
  /** Units that `.wants/` and `.requires/` of it name. */
  readonly wants: readonly string[];
  readonly requires: readonly string[];
  /** Text of all its files, to see that they changed. */
  readonly source: string;
  /** Why it cannot be used, as the journal tells. */
  readonly complaint: string | undefined;
}

/** Targets that every machine has, of systemd.special(7): here without a file, and reached from the start. */
export const REACHED_TARGETS = ['sysinit', 'basic', 'local-fs', 'local-fs-pre', 'sockets', 'timers', 'paths', 'slices', 'swap', 'network-pre', 'network', 'network-online', 'nss-lookup', 'remote-fs', 'multi-user', 'time-sync', 'time-set', 'cryptsetup'].map((name) => `${name}.target`);

/** Those that are there and not reached. */
const OTHER_TARGETS = new Set(['shutdown', 'graphical', 'rescue', 'emergency', 'reboot', 'poweroff', 'halt', 'final', 'umount'].map((name) => `${name}.target`));

/** Reads units out of a tree. */
export class UnitFiles {
  private index: Map<string, ReadonlySet<string>> | undefined;
  private readonly known = new Map<string, UnitConfig>();

  constructor(readonly files: Files) {}

  /** Something may have changed since: what was read is read anew. */
  forget(): void {
    this.index = undefined;
    this.known.clear();
  }

  /** Names in a directory of units. */
  private names(directory: string): ReadonlySet<string> {
    this.index ??= new Map(UNIT_DIRECTORIES.map((one) => [one, new Set(this.files.names(one))]));
    return this.index.get(directory) ?? new Set();
  }

  /** @returns the file of a unit: its own, or its template's. */
  fragmentOf(name: string): string | undefined {
    const { template } = partsOf(name);
    for (const one of [name, ...(template === undefined ? [] : [template])]) {
      const found = UNIT_DIRECTORIES.find((directory) => this.names(directory).has(one));
      if (found !== undefined) return `${found}/${one}`;
    }
    return undefined;
  }

  /** The unit that a name stands for: links to another unit's file are aliases. */
  canonicalName(name: string): string {
    const fragment = this.fragmentOf(name);
    const real = fragment === undefined ? undefined : this.files.real(fragment);
    if (real === undefined || !UNIT_DIRECTORIES.some((directory) => real.startsWith(`${directory}/`))) return name;
    const base = real.slice(real.lastIndexOf('/') + 1);
    const { instance, template } = partsOf(name);
    if (base === name || base === template) return name;
    return partsOf(base).instance === '' ? base.replace('@.', `@${instance ?? ''}.`) : base;
  }

  load(name: string): UnitConfig {
    const present = this.known.get(name) ?? this.read(name);
    this.known.set(name, present);
    return present;
  }

  private read(name: string): UnitConfig {
    const { type, template, prefix } = partsOf(name);
    const fragment = this.fragmentOf(name);
    const real = fragment === undefined ? undefined : this.files.real(fragment);
    const text = fragment === undefined ? undefined : this.files.text(fragment) ?? '';
    const dashes = prefix.split('-').slice(0, -1).map((_, index, all) => `${all.slice(0, index + 1).join('-')}-.${type}`).reverse();
    const names = [name, ...(template === undefined ? [] : [template]), ...dashes, type];
    const base = { name, fragment, wants: this.linked(name, 'wants'), requires: this.linked(name, 'requires') };
    if (fragment !== undefined && (real === '/dev/null' || text === '')) return { ...base, load: 'masked', dropIns: [], settings: [], source: 'masked', complaint: undefined };
    const dropIns = this.dropInsOf(names);
    const isKnown = REACHED_TARGETS.includes(name) || OTHER_TARGETS.has(name) || type === 'slice';
    if (fragment === undefined && !isKnown) return { ...base, load: 'not-found', dropIns, settings: [], source: 'not-found', complaint: undefined };
    const texts = [...(fragment === undefined ? [] : [fragment]), ...dropIns].map((path) => [path, this.files.text(path) ?? ''] as const);
    const settings = texts.flatMap(([path, content]) => parseUnit(content, path, type));
    for (const setting of settings) checkSetting(setting, name);
    const complaint = type === 'service' ? complaintOf(settings) : undefined;
    return { ...base, dropIns, settings, source: JSON.stringify(texts), load: complaint === undefined ? 'loaded' : 'bad-setting', complaint };
  }

  /** Unit files and their names: of one name the first counts. */
  all(): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const directory of UNIT_DIRECTORIES) {
      for (const name of this.files.names(directory)) if (/^[^/]+\.(service|target|timer|path|socket|slice)$/.test(name) && !found.has(name)) found.set(name, `${directory}/${name}`);
    }
    return found;
  }

  private linked(name: string, kind: 'wants' | 'requires'): string[] {
    return [...new Set(UNIT_DIRECTORIES.flatMap((directory) => (this.names(directory).has(`${name}.${kind}`) ? this.files.names(`${directory}/${name}.${kind}`) : [])))].sort();
  }

  /** Of drop-ins of one file name that in the first directory counts; all are read in the order of their file names. */
  private dropInsOf(names: readonly string[]): string[] {
    const found = new Map<string, string>();
    for (const name of names) {
      for (const directory of UNIT_DIRECTORIES) {
        if (!this.names(directory).has(`${name}.d`)) continue;
        for (const file of this.files.names(`${directory}/${name}.d`)) if (file.endsWith('.conf') && !found.has(file)) found.set(file, `${directory}/${name}.d/${file}`);
      }
    }
    return [...found].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, path]) => path).filter((path) => this.files.real(path) !== '/dev/null');
  }
}

/** Why systemd refuses a service, in its words. */
function complaintOf(settings: readonly Setting[]): string | undefined {
  const starts = listOf(settings, 'Service', 'ExecStart').length;
  const type = settings.findLast(({ section, key }) => section === 'Service' && key === 'Type')?.value ?? 'simple';
  if (starts === 0 && listOf(settings, 'Service', 'ExecStop').length === 0) return 'Service has no ExecStart=, ExecStop=, or SuccessAction=. Refusing.';
  if (starts === 0 && type !== 'oneshot' && !settings.some(({ key, value }) => key === 'RemainAfterExit' && /^(1|y|t|on)/i.test(value))) return 'Service has no ExecStart= setting, which is only allowed for RemainAfterExit=yes services. Refusing.';
  if (starts > 1 && type !== 'oneshot') return 'Service has more than one ExecStart= setting, which is only allowed for Type=oneshot services. Refusing.';
  if (type === 'oneshot' && settings.some(({ key, value }) => key === 'Restart' && (value === 'always' || value === 'on-success'))) return 'Service has Restart= set to either always or on-success, which isn\'t allowed for Type=oneshot services. Refusing.';
  return undefined;
}

/** What a directive that may stand several times says: an empty value takes back what stood before. */
export function listOf(settings: readonly Setting[], section: string, key: string): Setting[] {
  const found: Setting[] = [];
  for (const setting of settings) {
    if (setting.section !== section || setting.key !== key) continue;
    if (setting.value === '') found.length = 0;
    else found.push(setting);
  }
  return found;
}

/** Names of units in a directive, with specifiers replaced. */
export function unitNames(config: UnitConfig, section: string, key: string): string[] {
  return listOf(config.settings, section, key).flatMap(({ value, place }) => splitWords(value, place).map((word) => withSpecifiers(word, partsOf(config.name), place)));
}
