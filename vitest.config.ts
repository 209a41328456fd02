import { defineConfig } from 'vitest/config';
import { shellrig } from './harness/vitest/index.js';

/** Bare imports of this package mean its sources, as in tsconfig.json: no build stands between an edit and its test. */
const conditions = ['shellrig-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  // Where green means that nothing a script did went unseen.
  plugins: [shellrig({ failUnasserted: ['specs/**'] })],
  test: {
    // vitest would leave one core idle, which on two is half the machine.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // As of specs: to load the harness anew for each of 150 files took a fifth of all that its tests take.
        test: { name: 'harness', include: ['{harness,fixtures,.setup,.ci}/**/*.test.ts'], exclude: ['**/*.alone.test.ts'], isolate: false },
      },
      {
        extends: true,
        // What puts something in the place of a module, or looks at all processes of its worker: other files would meet it.
        test: { name: 'alone', include: ['harness/**/*.alone.test.ts'] },
      },
      {
        extends: true,
        // One set of modules and sessions for all files of a worker: a file that shares a shell with another starts none.
        test: { name: 'specs', include: ['specs/**/*.spec.ts'], exclude: ['specs/sweeps/**'], isolate: false },
      },
      {
        extends: true,
        // Every value of what may come between: by themselves, as they take longer than all specs together.
        test: { name: 'sweeps', include: ['specs/sweeps/**/*.spec.ts'], isolate: false },
      },
    ],
  },
});
