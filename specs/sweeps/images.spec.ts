import { describe, expect } from 'vitest';
import type { Run } from 'shellrig';
import { sweepFailingCalls, sweepKills, sweepTwice } from 'shellrig/sweeps';
import { ctrWithNames, IMAGE_NAMES, imageNames } from '../support/containerd.js';
import { ubuntu } from '../support/ubuntu.js';

/** In what order they were given does not matter. */
function haveTheSameNames(run: Run, undisturbed: Run): void {
  const [names, wanted] = [run, undisturbed].map((one) => one.file(IMAGE_NAMES).text.split('\n').sort());
  expect(names).toEqual(wanted);
}

describe('images in the China cloud', () => {
  const name = () => ubuntu.given({ files: imageNames('mcr.microsoft.com/oss/pause:3.6', 'docker.io/library/x:1'), stubs: { ctr: ctrWithNames } }).call('retagMCRImagesForChina');

  sweepKills('are named as the mirrors are', name, { converges: haveTheSameNames });
  sweepFailingCalls('are named as the mirrors are', name);
  sweepTwice('are named as the mirrors are', name);
});
