import { readFileSync } from 'node:fs';
import type { Site } from '../stubs/call.js';
import type { HostPaths } from './place.js';

/** Lines shown before and after the one that matters. */
const AROUND = 3;
const WIDEST = 160;

/**
 * The script's lines around a place, the place itself marked by `>`.
 * @param sources text of scripts that exist only inside the sandbox, by sandbox path.
 * @returns undefined when the script's text cannot be read.
 */
export function codeFrame(site: Site, hostPaths: HostPaths, sources: (sandboxPath: string) => string | undefined = () => undefined): string | undefined {
  const text = sources(site.file) ?? readText(hostPaths.get(site.file));
  const lines = text?.split('\n');
  if (lines === undefined || lines[site.line - 1] === undefined) return undefined;
  const first = Math.max(1, site.line - AROUND);
  const last = Math.min(lines.at(-1) === '' ? lines.length - 1 : lines.length, site.line + AROUND);
  const gutter = String(last).length;
  const frame: string[] = [];
  for (let line = first; line <= last; line += 1) {
    const mark = line === site.line ? '>' : ' ';
    const code = lines[line - 1]!.replaceAll('\t', '  ');
    frame.push(`${mark} ${String(line).padStart(gutter)}| ${code.length > WIDEST ? `${code.slice(0, WIDEST)}…` : code}`.trimEnd());
  }
  return frame.join('\n');
}

function readText(hostPath: string | undefined): string | undefined {
  if (hostPath === undefined) return undefined;
  try {
    return readFileSync(hostPath, 'utf8');
  } catch {
    // A script that vanished since it ran must not hide the failure that is being told.
    return undefined;
  }
}
