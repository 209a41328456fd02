import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { applyPatch, parsePatch } from 'diff';
import { file, type FileSpecs } from 'shellrig';
import type { NodeConfiguration } from '../../artifacts/config/node-configuration.js';
import { scriptsOf, UNITS } from '../../artifacts/config/scripts.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = 'artifacts/node/';

/** The patch that brings back the order before the deferral; that specs notice it is checked as for a defect. */
const PATCH = 'fixtures/regressions/before-deferral/defect.patch';

/**
 * The scripts and units of a node as they were before work was deferred until after kubelet's start, at their places on it:
 * those of this project, whichever are in use, as other scripts need not be those that the patch fits.
 *
 * @throws Error naming the script that the patch does not fit any more
 */
export function inOldOrder(node: Pick<NodeConfiguration, 'image'>): FileSpecs {
  const places = new Map([...Object.entries(scriptsOf(node)).map(([path, script]) => [script, path] as const), ...UNITS.map((unit) => [unit, `/etc/systemd/system/${unit}`] as const)]);
  return Object.fromEntries(parsePatch(readFileSync(`${ROOT}${PATCH}`, 'utf8')).map((change) => {
    const script = (change.newFileName ?? '').replace(`b/${FOLDER}`, '');
    const place = places.get(script);
    if (place === undefined) throw new Error(`${PATCH} changes ${script}, which lies nowhere on the node`);
    const patched = applyPatch(readFileSync(`${ROOT}${FOLDER}${script}`, 'utf8'), change);
    if (patched === false) throw new Error(`${PATCH} does not fit ${script} any more`);
    return [place, file(patched, { mode: script.endsWith('.sh') ? 0o755 : 0o644 })];
  }));
}
