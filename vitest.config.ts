import { defineConfig } from 'vitest/config';

/** Bare imports of this package mean its sources, as in tsconfig.json: no build stands between an edit and its test. */
const conditions = ['shellrig-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // A sandbox dies with the thread that started it, so a worker has to be a process.
    pool: 'forks',
    // vitest would leave one core idle, which on two is half the machine.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: { name: 'harness', include: ['{harness,fixtures,.setup,.ci}/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'specs', include: ['specs/**/*.spec.ts'] },
      },
    ],
  },
});
