import { availableParallelism } from 'node:os';

/** One runner for every suite. `npm test` runs all of it; suites that need a service skip themselves and say so. */
const transform = {
  '^.+\\.ts$': [
    '@swc/jest',
    {
      jsc: {
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
        target: 'es2022',
        keepClassNames: true,
      },
      module: { type: 'es6' },
      sourceMaps: 'inline',
    },
  ],
};

const common = {
  transform,
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'mjs', 'cjs', 'json', 'node'],
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['stagewright-source', 'node', 'node-addons'] },
  modulePathIgnorePatterns: ['/dist/'],
};

export default {
  // A bound for what hangs, not a measure of speed: the machine may be busy. Read here only, not from the projects.
  testTimeout: 60_000,
  // Suites that start processes wait more than they work: one worker more than there are cores keeps these busy.
  maxWorkers: availableParallelism() + 1,
  testSequencer: '<rootDir>/test/support/processes-first.js',
  // Starting git, or anything else, from a large process takes several times as long: a worker that has grown makes room for a new one.
  workerIdleMemoryLimit: '300MB',
  projects: [
    { ...common, displayName: 'engine', testMatch: ['<rootDir>/libs/engine/**/*.spec.ts'] },
    { ...common, displayName: 'client', testMatch: ['<rootDir>/libs/client/**/*.spec.ts'] },
    { ...common, displayName: 'plugins', testMatch: ['<rootDir>/libs/plugins/**/*.spec.ts'] },
    { ...common, displayName: 'server', testMatch: ['<rootDir>/apps/server/**/*.spec.ts'] },
    { ...common, displayName: 'cli', testMatch: ['<rootDir>/apps/cli/**/*.spec.ts'] },
    { ...common, displayName: 'test', testMatch: ['<rootDir>/test/**/*.spec.ts'] },
  ],
};
