import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as api from 'shellrig';
import * as invariants from 'shellrig/invariants';
import * as sweeps from 'shellrig/sweeps';
import * as systemd from 'shellrig/systemd';
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

  it('replaces modules only in test files that share no process with others', () => {
    const replaces = /\bvi\.(?:do)?mock\(/i;
    const files = filesBelow(harness).filter((path) => path.endsWith('.test.ts') && path !== self && replaces.test(readFileSync(path, 'utf8')));
    expect(files.map((path) => relative(harness, path))).toEqual(['clock/busy-machine.alone.test.ts']);
  });

  it('offers this and nothing else', () => {
    expect({ shellrig: Object.keys(api).sort(), 'shellrig/invariants': Object.keys(invariants).sort(), 'shellrig/sweeps': Object.keys(sweeps).sort(), 'shellrig/systemd': Object.keys(systemd).sort(), 'shellrig/vitest': Object.keys(plugin).sort() }).toMatchInlineSnapshot(`
      {
        "shellrig": [
          "StrictError",
          "Stub",
          "_",
          "acted",
          "any",
          "at",
          "bash",
          "called",
          "changed",
          "compareMilestones",
          "defineShell",
          "directory",
          "emitted",
          "ended",
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
        "shellrig/systemd": [
          "systemd",
          "unitIs",
          "unitsOf",
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
