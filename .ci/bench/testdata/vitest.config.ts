import { defineConfig } from 'vitest/config';
import { shellrig } from 'shellrig/vitest';

/** The sources are measured, as the repository's own specs run them. */
const conditions = ['shellrig-source', 'module', 'node', 'development|production'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  plugins: [shellrig()],
  test: { include: ['**/*.spec.ts'], setupFiles: ['./report.ts'], testTimeout: 600_000 },
});
