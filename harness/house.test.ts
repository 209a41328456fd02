import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as api from 'shellrig';
import * as invariants from 'shellrig/invariants';
import * as sweeps from 'shellrig/sweeps';
import * as plugin from 'shellrig/vitest';

const harness = dirname(fileURLToPath(import.meta.url));
const self = fileURLToPath(import.meta.url);

describe('the house', () => {
  it('knows nothing of what its first users provision', () => {
    // Words of clusters and clouds; the table of switches that forbid namespaces names distributions, and may.
    const foreign = /kube|\bazure|\baks\b|\bcse\b|containerd|\bimds\b/i;
    const found = filesBelow(harness)
      .filter((path) => /\.(ts|mts|sh|c|h)$/.test(path) && path !== self)
      .flatMap((path) => readFileSync(path, 'utf8').split('\n').flatMap((line, index) => (foreign.test(line) ? [`${relative(harness, path)}:${index + 1}: ${line.trim()}`] : [])));
    expect(found).toEqual([]);
  });

  it('offers this and nothing else', () => {
    expect({ shellrig: Object.keys(api).sort(), 'shellrig/invariants': Object.keys(invariants).sort(), 'shellrig/sweeps': Object.keys(sweeps).sort(), 'shellrig/vitest': Object.keys(plugin).sort() }).toMatchInlineSnapshot(`
      {
        "shellrig": [
          "StrictError",
          "Stub",
          "_",
          "any",
          "at",
          "bash",
          "called",
          "defineShell",
          "directory",
          "evaluates",
          "eventsFrom",
          "every",
          "exists",
          "exits",
          "fails",
          "file",
          "fileFrom",
          "filesFrom",
          "handle",
          "noArguments",
          "once",
          "real",
          "removed",
          "rest",
          "returns",
          "spy",
          "symlink",
          "takes",
          "when",
          "writes",
        ],
        "shellrig/invariants": [
          "atomicReplacement",
          "boundedWaiting",
          "brokenOf",
          "changesOnlyUnder",
          "definedExitCodes",
          "idempotence",
          "noLeftovers",
          "noSecrets",
          "oldOrNew",
          "toldFailures",
        ],
        "shellrig/sweeps": [
          "sweepFailingCalls",
          "sweepKills",
          "sweepMoments",
          "sweepTwice",
        ],
        "shellrig/vitest": [
          "shellrig",
        ],
      }
    `);
  });
});

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)]));
}
