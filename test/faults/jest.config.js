import { common } from '../../jest.config.js';

/**
 * The fault matrix, with its table.
 *
 * @type {import('@jest/types').Config.InitialOptions}
 */
const config = {
  ...common,
  rootDir: '../..',
  roots: ['<rootDir>/test/faults'],
  testMatch: ['**/*.faults.ts'],
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['default', '<rootDir>/test/faults/table-reporter.cjs'],
};

export default config;
