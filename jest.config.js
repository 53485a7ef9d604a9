/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Only translates: the types are checked once, by `npm run check`.
  transform: { '^.+\\.ts$': ['ts-jest', { useESM: true, transpilation: true, diagnostics: false }] },
  testTimeout: 30_000,
};
