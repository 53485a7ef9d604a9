// Writes dist/: the library as ES modules with their types, and the command line as one file.
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

await build({
  entryPoints: ['src/cli/main.ts'],
  outfile: 'dist/cli.cjs',
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'cjs',
  minify: true,
  legalComments: 'eof',
  // cross-fetch's dependencies use what newer versions of Node warn of; standard error is for the person's own business.
  banner: { js: '#!/usr/bin/env node\nprocess.noDeprecation = true;' },
  // The sandbox is loaded only by `datasaur-export sandbox`, from the library beside the bundle.
  external: ['#sandbox'],
  conditions: ['production'],
  define: {
    PACKAGE_VERSION: JSON.stringify(require('./package.json').version),
    'globalThis.__DEV__': 'false',
    'process.env.NODE_ENV': '"production"',
  },
});
chmodSync('dist/cli.cjs', 0o755);
