import base from '../../jest.config.js';

/** The fault matrix, with its table. @type {import('jest').Config} */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/faults'],
  testMatch: ['**/*.faults.ts'],
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: ['summary', '<rootDir>/test/faults/table-reporter.cjs'],
};
