/** What a page pays, minified and gzipped. docs/browser.md says what the bars were, and why they are where they are. */

/** What is imported when it is first used is no part of what a page loads at first. */
const lazyParts = {
  name: 'lazy parts',
  setup({ onResolve }) {
    onResolve({ filter: /.*/ }, ({ kind, path }) =>
      kind === 'dynamic-import' ? { path, external: true } : null,
    );
  },
};

const common = {
  gzip: true,
  // As a module, so that everything that is exported is measured.
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', plugins: [lazyParts] }),
};

export default [
  {
    ...common,
    name: 'datasaur-export/readiness, in a browser: everything',
    path: 'dist/src/readiness/browser.js',
    limit: '9.9 kB',
  },
  {
    ...common,
    name: 'datasaur-export/react: what a page loads before the first export',
    path: 'dist/src/react/index.js',
    limit: '8 kB',
    ignore: ['@apollo/client', 'graphql', 'react', 'rxjs'],
  },
];
