/** What every test of this repository stands on. */
export const common = {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  // Only translates: the types are checked once, by `npm run check`.
  transform: { '^.+\\.tsx?$': ['ts-jest', { useESM: true, transpilation: true, diagnostics: false }] },
};
const react18 = '<rootDir>/test/react/react-18/node_modules';

/** @type {import('jest').Config} */
export default {
  testTimeout: 30_000,
  projects: [
    { ...common, displayName: 'node', testMatch: ['**/*.test.ts'] },
    {
      ...common,
      displayName: 'React 19',
      testEnvironment: '<rootDir>/test/react/browser-environment.mjs',
      testMatch: ['**/*.test.tsx'],
    },
    {
      ...common,
      displayName: 'React 18',
      testEnvironment: '<rootDir>/test/react/browser-environment.mjs',
      testMatch: ['**/*.test.tsx'],
      moduleNameMapper: {
        ...common.moduleNameMapper,
        '^(react|react-dom)$': `${react18}/$1`,
        '^(react|react-dom)/(.*)$': `${react18}/$1/$2`,
      },
    },
  ],
};
