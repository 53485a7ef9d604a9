// Writes dist/: the library as ES modules with their types, and the command line as a few CommonJS bundles.
import { execFileSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const require = createRequire(import.meta.url);
process.chdir(fileURLToPath(new URL('.', import.meta.url)));
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});

/** What `src/cli` imports dynamically is a file of its own, so that it is read only when it is run. */
const entries = {
  main: 'dist/cli.cjs',
  program: 'dist/cli/program.cjs',
  bytecode: 'dist/cli/bytecode.cjs',
  'team-overview-command': 'dist/cli/team-overview-command.cjs',
  'schema-command': 'dist/cli/schema-command.cjs',
  'live-progress': 'dist/cli/live-progress.cjs',
  'sandbox-command': 'dist/cli/sandbox-command.cjs',
};

function separateEntries(outfile) {
  const folder = outfile.startsWith('dist/cli/') ? './' : './cli/';
  return {
    name: 'separate entries',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/[\w-]+\.js$/ }, ({ kind, path }) =>
        kind === 'dynamic-import' && path.replace(/^\.\/(.*)\.js$/, '$1') in entries
          ? { path: path.replace(/^\.\/(.*)\.js$/, `${folder}$1.cjs`), external: true }
          : null,
      );
    },
  };
}

/**
 * rxjs offers its ES modules to browsers only, and cross-fetch does not say that importing it alone does nothing; as they
 * are, they could not be reduced to what is used.
 */
const reducible = {
  name: 'reducible',
  setup({ onResolve }) {
    const rxjs = require.resolve('rxjs').replace(/cjs(.)index\.js$/, 'esm$1index.js');
    onResolve({ filter: /^rxjs$/ }, () => ({ path: rxjs, sideEffects: false }));
    onResolve({ filter: /^cross-fetch$/ }, () => ({
      path: require.resolve('cross-fetch'),
      sideEffects: false,
    }));
  },
};

/** Parts of Node that a run may well not need, and that take milliseconds to load: loaded when they are first used. */
const lazyBuiltins = {
  name: 'lazy builtins',
  setup({ onResolve, onLoad }) {
    const namespace = 'lazy-builtin';
    onResolve(
      { filter: /^(node:)?(child_process|https|readline|tls|worker_threads)$/ },
      ({ path, namespace: from }) => {
        const name = path.replace(/^(node:)?/, 'node:');
        return from === namespace ? { path: name, external: true } : { path: name, namespace };
      },
    );
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `for (const name of ${JSON.stringify(Object.keys(require(path)))})
        Object.defineProperty(exports, name, { enumerable: true, get: () => require('${path}')[name] });`,
    }));
  },
};

/** node-fetch falls back on these where Node has no `URL`, and for `textConverted`, which nobody calls. */
const neverUsed = {
  name: 'never used',
  setup({ onResolve, onLoad }) {
    const namespace = 'never-used';
    onResolve({ filter: /^(whatwg-url|encoding)$/ }, ({ path }) => ({ path, namespace }));
    onLoad({ filter: /.*/, namespace }, () => ({ contents: '' }));
  },
};

for (const [entry, outfile] of Object.entries(entries)) {
  await build({
    entryPoints: [`src/cli/${entry}.ts`],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'cjs',
    minify: true,
    legalComments: 'eof',
    plugins: [separateEntries(outfile), reducible, lazyBuiltins, neverUsed],
    // The sandbox is loaded only by `datasaur-export sandbox`, from the library beside the bundle.
    external: ['#sandbox'],
    mainFields: ['module', 'main'],
    conditions: ['production', 'module'],
    // `require` starts faster; only the sandbox, which is an ES module, is really imported.
    supported: { 'dynamic-import': entry === 'sandbox-command' },
    define: {
      PACKAGE_VERSION: JSON.stringify(require('./package.json').version),
      'globalThis.__DEV__': 'false',
      'process.env.NODE_ENV': '"production"',
    },
    // cross-fetch's dependencies use what newer versions of Node warn of; standard error is for the person's own business.
    ...(entry === 'main' && { banner: { js: '#!/usr/bin/env node\nprocess.noDeprecation = true;' } }),
  });
}
chmodSync('dist/cli.cjs', 0o755);
// Without options of Node's, which would make bytecode that is good only with the same ones.
execFileSync(process.execPath, ['warm-up.mjs'], { env: { ...process.env, NODE_OPTIONS: '' }, stdio: 'pipe' });
