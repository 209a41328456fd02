import { existsSync, readdirSync } from 'node:fs';

/**
 * The host directories that tools need beside their own file: shared libraries, locales, time zones, and the
 * libraries of perl, python and awk. They are bound read-only at their own paths; all else of /usr is private.
 */
export function libraryDirectories(): readonly string[] {
  found ??= candidates().filter((path) => existsSync(path));
  return found;
}

let found: readonly string[] | undefined;

function candidates(): string[] {
  return [
    // Debian's multiarch directories (x86_64-linux-gnu, aarch64-linux-gnu); elsewhere /usr/lib64 has it all.
    ...readdirSync('/usr/lib').filter((name) => name.endsWith('-linux-gnu')).map((name) => `/usr/lib/${name}`),
    '/usr/lib64',
    '/usr/lib/locale',
    '/usr/share/zoneinfo',
    '/usr/share/perl',
    '/usr/share/perl5',
    '/usr/share/awk',
    '/usr/share/dpkg',
    '/usr/share/terminfo',
    ...readdirSync('/usr/lib').filter((name) => /^python3(\.\d+)?$/.test(name)).map((name) => `/usr/lib/${name}`),
    '/usr/lib/rpm',
  ];
}
