/** The environment in which scripts are sourced, `NAME=value` each: the defaults of the options' `env`, and what is declared. */
export function environmentOf(env: Readonly<Record<string, string>>): string[] {
  const all = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root', LANG: 'C.UTF-8', TZ: 'UTC', ...env };
  return Object.entries(all).map(([name, value]) => `${name}=${value}`);
}
