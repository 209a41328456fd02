/** Something that systemd does: the sentence that says so, and a script that shows it. */
export interface Behaviour {
  /** The manual's page. */
  readonly of: string;
  /** Its words, as of systemd 252. */
  readonly says: string;
  readonly files?: Readonly<Record<string, string>>;
  /** bash; `s UNIT` prints Result, ActiveState and SubState, `j UNIT` its journal, `o UNIT` of that what its commands print. */
  readonly does: string;
  /** Both streams, as the real systemd 252 has them for the same script; a table that was not run there says so. */
  readonly prints: string;
}

/** Lines as one text. */
export function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}

/** What the scripts of the table may call. */
export const FUNCTIONS = `
s() { systemctl show -p ActiveState,SubState,Result "$1" | cut -d= -f2 | tr '\\n' ' ' | sed 's/ $//'; echo; }
j() { journalctl -u "$1" -o cat --no-pager; }
o() { j "$1" | grep -vE "^(Start|Finish|Stop|Reload|Fail)|^[a-z0-9@.-]+[.]service: "; }
`;
