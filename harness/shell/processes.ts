import { readFileSync } from 'node:fs';

/**
 * The command line of a process, words joined by blanks.
 * @param proc the sandbox's proc as the host sees it.
 * @returns nothing for one that is gone or has none.
 */
export function commandOf(proc: string, pid: number): string {
  try {
    return readFileSync(`${proc}/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1).join(' ');
  } catch {
    return '';
  }
}

/** Whether a process has that name, of which the kernel keeps 15 characters (proc(5), /proc/pid/comm). */
export function isNamed(proc: string, pid: number, name: string): boolean {
  try {
    return readFileSync(`${proc}/${pid}/comm`, 'utf8') === `${name.slice(0, 15)}\n`;
  } catch {
    return false;
  }
}

/** Whether a process is neither gone nor a zombie: the state stands behind the name, which may hold anything (proc(5)). */
export function isAlive(proc: string, pid: string): boolean {
  try {
    return !/^.*\) [ZX] /s.test(readFileSync(`${proc}/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}
