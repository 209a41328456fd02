import { installedAt } from '../../sandbox/programs.js';

/** How packages are installed, by the program that does it, and the names that differ from Debian's. */
const MANAGERS: readonly { readonly program: string; readonly words: string; readonly names: Readonly<Record<string, string>> }[] = [
  { program: 'apt-get', words: 'apt-get install -y', names: {} },
  { program: 'dnf', words: 'dnf install -y', names: { uidmap: 'shadow-utils', procps: 'procps-ng', 'xz-utils': 'xz' } },
  { program: 'zypper', words: 'zypper install -y', names: { uidmap: 'shadow', 'xz-utils': 'xz' } },
  { program: 'pacman', words: 'pacman -S --noconfirm', names: { uidmap: 'shadow', procps: 'procps-ng', 'xz-utils': 'xz' } },
  { program: 'apk', words: 'apk add', names: { uidmap: 'shadow-subids', 'xz-utils': 'xz' } },
];

/** The command that installs packages on this machine. @param packages by Debian's names. */
export function installCommand(packages: readonly string[]): string {
  const manager = MANAGERS.find(({ program }) => installedAt(program));
  if (!manager) return `install ${packages.join(', ')} as this system does`;
  const names = new Set(packages.map((name) => manager.names[name] ?? name));
  return `${asRoot(manager.words)} ${[...names].join(' ')}`;
}

/** A command that takes root's rights, as this user has to write it. */
export function asRoot(command: string): string {
  return process.getuid?.() === 0 ? command : `sudo ${command}`;
}
