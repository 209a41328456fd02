import type { Files } from './files.js';
import { problem } from './problem.js';
import { partsOf, withSpecifiers } from './specifiers.js';
import type { Unit, Unmet } from './unit.js';
import type { Setting } from './unit-text.js';
import { booleanOf } from './values.js';

/**
 * Whether a unit's conditions or assertions do not hold: systemd.unit(5), "Conditions and Asserts".
 * @param kind `Condition`: the unit is skipped; `Assert`: its job fails.
 */
export function unmet(unit: Unit, kind: 'Condition' | 'Assert', files: Files): Unmet | undefined {
  const all = unit.config.settings.filter(({ section, key }) => section === 'Unit' && key.startsWith(kind));
  const inForce = all.filter(({ key }, index) => !all.slice(index).some((later) => later.key === key && later.value === ''));
  const judged = inForce.map((setting) => {
    const value = withSpecifiers(setting.value, partsOf(unit.name), setting.place);
    const [, sign = '', what = ''] = /^([|!]*)(.*)$/s.exec(value) ?? [];
    const holds = isMet(setting.key.slice(kind.length), what.trim(), files, setting) !== sign.includes('!');
    return { text: `${setting.key}=${value}`, isTrigger: sign.includes('|'), holds };
  });
  const decisive = judged.findIndex(({ isTrigger, holds }) => !isTrigger && !holds);
  const triggers = judged.filter(({ isTrigger }) => isTrigger);
  const first = judged[decisive] ?? (triggers.some(({ holds }) => holds) ? undefined : triggers[0]);
  if (!first) return undefined;
  const failed = judged.slice(0, decisive === -1 ? undefined : decisive + 1).filter(({ holds }) => !holds).map(({ text }) => text);
  return { text: first.text, all: failed, isTrigger: first.isTrigger };
}

function isMet(what: string, value: string, files: Files, setting: Setting): boolean {
  const status = files.status(value);
  switch (what) {
    case 'PathExists': return files.kind(value) !== undefined;
    case 'PathExistsGlob': return globExists(value, files);
    case 'PathIsDirectory': return files.kind(value) === 'directory';
    case 'PathIsSymbolicLink': return files.link(value) !== undefined;
    case 'PathIsReadWrite': return files.kind(value) !== undefined;
    case 'DirectoryNotEmpty': return files.names(value).length > 0;
    case 'FileNotEmpty': return files.kind(value) === 'file' && (status?.size ?? 0) > 0;
    case 'FileIsExecutable': return files.kind(value) === 'file' && ((status?.mode ?? 0) & 0o111) !== 0;
    case 'User': return value === 'root' || value === '0' || value === '@system';
    case 'Group': return value === 'root' || value === '0';
    case 'Host': return value === 'sandbox';
    case 'Architecture': return value === 'native' || value === (process.arch === 'arm64' ? 'arm64' : 'x86-64');
    case 'Virtualization': return !/^(no|false|0|off)$/i.test(value);
    case 'FirstBoot': return !booleanOf({ ...setting, value });
    case 'Environment': return /^(LANG=C\.UTF-8|LANG|PATH)$/.test(value);
    default: throw problem(setting.place, `the stand-in does not judge ${setting.key}=`);
  }
}

/** A glob of names, part by part. */
export function globExists(pattern: string, files: Files): boolean {
  let found = ['/'];
  for (const part of pattern.split('/').filter((one) => one !== '')) {
    const fits = new RegExp(`^${part.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]')}$`);
    const isGlob = /[*?[]/.test(part);
    found = found.flatMap((directory) => (isGlob ? files.names(directory).filter((name) => fits.test(name) && !name.startsWith('.')) : [part]).map((name) => `${directory === '/' ? '' : directory}/${name}`));
    found = found.filter((path) => files.kind(path) !== undefined);
  }
  return found.length > 0;
}
