import { defineConfig } from 'vitest/config';

/** Machines wait more than they work: four labs at once take two cores to their limit. */
const lab = (name: string, include: string, groupOrder: number) => ({
  extends: true as const,
  test: {
    ...{ name, include: [include], sequence: { groupOrder }, maxWorkers: 4 },
    ...{ testTimeout: 600_000, hookTimeout: 60_000 },
  },
});

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: '100%',
    projects: [
      // Beside the code, and what crosses modules; in one process per worker, for they share nothing that changes.
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['src/**/*.test.ts', 'test/*.test.ts'],
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The command, as users run it.
      {
        extends: true,
        test: {
          name: 'command',
          include: ['test/command/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      // The generated trees through the tools that consume them.
      {
        extends: true,
        test: {
          name: 'tools',
          include: ['test/tools/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      // The generated trees on booted machines; where milliseconds are measured, with nothing else beside it.
      lab('lab', 'test/lab/*.test.ts', 1),
      lab('failover', 'test/lab/failover/*.test.ts', 2),
      lab('rehearse', 'test/lab/own/*.test.ts', 3),
    ],
  },
});
