import { partsOf, withSpecifiers } from './specifiers.js';
import { listOf, UNIT_DIRECTORIES, type UnitConfig, type UnitFiles } from './unit-files.js';
import { splitWords } from './words.js';

/** A link that enabling makes. */
export interface InstallLink {
  readonly path: string;
  readonly target: string;
}

/** Where links of enabled units lie. */
const PERSISTENT = '/etc/systemd/system';
const RUNTIME = '/run/systemd/system';

/** @returns the links of a unit's [Install] section, and the further units that Also= names. */
export function installOf(files: UnitFiles, name: string, directory: string = PERSISTENT): { readonly links: readonly InstallLink[]; readonly also: readonly string[]; readonly hasSection: boolean } {
  const { template, instance } = partsOf(name);
  const config = files.load(name);
  const words = (key: string) => installWords(config, key);
  const byDefault = instance === '' ? words('DefaultInstance')[0] : undefined;
  const linked = byDefault === undefined ? name : name.replace('@.', `@${byDefault}.`);
  const file = config.fragment ?? '';
  const links = [
    ...words('Alias').map((alias) => ({ path: `${directory}/${alias}`, target: file })),
    ...words('WantedBy').map((target) => ({ path: `${directory}/${target}.wants/${linked}`, target: file })),
    ...words('RequiredBy').map((target) => ({ path: `${directory}/${target}.requires/${linked}`, target: file })),
  ];
  return { links: instance === '' && byDefault === undefined && template === undefined ? links.filter(({ path }) => !path.includes('@.')) : links, also: words('Also'), hasSection: ['WantedBy', 'RequiredBy', 'Alias', 'Also', 'DefaultInstance'].some((key) => words(key).length > 0) };
}

function installWords(config: UnitConfig, key: string): string[] {
  return listOf(config.settings, 'Install', key).flatMap(({ value, place }) => splitWords(value, place).map((word) => withSpecifiers(word, partsOf(config.name), place)));
}

/** Links of a unit that lie in the tree, wherever enabling once put them. */
export function linksTo(files: UnitFiles, name: string): string[] {
  const { instance, prefix, type } = partsOf(name);
  const isOf = (entry: string) => entry === name || (instance === '' && entry.startsWith(`${prefix}@`) && entry.endsWith(`.${type}`));
  return [PERSISTENT, RUNTIME].flatMap((directory) => files.files.names(directory).flatMap((entry) => {
    if (/\.(wants|requires)$/.test(entry)) return files.files.names(`${directory}/${entry}`).filter(isOf).map((one) => `${directory}/${entry}/${one}`);
    const path = `${directory}/${entry}`;
    const leads = files.files.link(path);
    return leads !== undefined && leads !== '/dev/null' && entry !== name && leads.endsWith(`/${name}`) ? [path] : [];
  }));
}

/** The state of a unit file, as `systemctl is-enabled` prints it: systemctl(1). Undefined where there is no file. */
export function stateOfFile(files: UnitFiles, name: string): string | undefined {
  const fragment = files.fragmentOf(name);
  if (fragment === undefined) return undefined;
  if (files.files.real(fragment) === '/dev/null' || files.files.text(fragment) === '') return fragment.startsWith('/run/') ? 'masked-runtime' : 'masked';
  const base = fragment.slice(fragment.lastIndexOf('/') + 1);
  const real = files.files.real(fragment) ?? '';
  if (real !== fragment && base === name && !real.endsWith(`/${name}`) && UNIT_DIRECTORIES.some((directory) => real.startsWith(`${directory}/`))) return 'alias';
  const links = linksTo(files, name);
  if (links.some((path) => path.startsWith('/etc/'))) return 'enabled';
  if (links.length > 0) return 'enabled-runtime';
  const { hasSection, also, links: own } = installOf(files, name);
  if (!hasSection) return 'static';
  return own.length === 0 && also.length > 0 ? 'indirect' : 'disabled';
}
