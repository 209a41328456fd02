import { expect, it } from 'vitest';

// What vitest itself takes for a test, of time and of memory.
for (let index = 0; index < Number(process.env['EXAMPLES']); index += 1) {
  it(`does nothing ${index}`, async () => {
    await Promise.resolve();

    expect(index).toBe(index);
    expect(`text ${index}`).toBe(`text ${index}`);
  });
}
