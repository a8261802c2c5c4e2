import { defineConfig } from 'vitest/config';

const ignored = ['**/node_modules/**', '**/.next/**', '**/dist/**'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts', '**/*.test.tsx'],
          exclude: [...ignored, '**/*.int.test.ts'],
          environment: 'node',
          // Properties and models are tried many times over, which takes a busy machine longer than the usual 5 s.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['**/*.int.test.ts'],
          exclude: ignored,
          environment: 'node',
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // They mostly wait for real servers, each of its own: two files at once take little more of a machine than one.
          maxWorkers: 2,
          // These start real servers on a shared machine; a second try is listed as such.
          retry: 1,
        },
      },
    ],
  },
});
