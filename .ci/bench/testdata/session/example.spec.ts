import { expect, it } from 'vitest';
import { defineShell } from 'shellrig';
import { measured } from '../report.js';

/** Milliseconds of a call that starts a session first, less those of the next, which finds it there. */
async function start(): Promise<number> {
  const shell = defineShell();
  const marks = [performance.now()];
  for (let call = 0; call < 3; call += 1) {
    const run = await shell.call('true');
    expect(run).toSucceed();
    marks.push(performance.now());
  }
  const [first, second, third] = marks.slice(1).map((mark, index) => mark - marks[index]!);
  return first! - Math.min(second!, third!);
}

it('starts the first session of its process', async () => {
  measured['first'] = [await start()];
});

it('starts further ones', async () => {
  measured['further'] = [];
  for (let session = 0; session < 8; session += 1) measured['further'].push(await start());
});
