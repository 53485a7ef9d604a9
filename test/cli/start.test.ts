import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FaultyDatasaur } from './faulty-datasaur.js';
import { newFolder } from './run-cli.js';
import { zipOf } from './zip.js';

const run = promisify(execFile);

let datasaur: FaultyDatasaur;
beforeEach(async () => {
  datasaur = await FaultyDatasaur.start({ bytes: await zipOf(10_000) });
});
afterEach(async () => datasaur.close());

/** What a run of the command line loads as modules: files of its own, and parts of Node. Rejects if the run fails. */
async function loadedBy(
  args: readonly string[],
  dist = 'dist',
): Promise<{ files: string[]; builtins: string[] }> {
  const cwd = newFolder();
  const hook = join(cwd, 'hook.cjs');
  const list = join(cwd, 'loaded.json');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)},
      JSON.stringify({ files: Object.keys(require.cache), builtins: process.moduleLoadList })));`,
  );
  const env = { PATH: process.env['PATH'], ...datasaur.environment };
  await run(process.execPath, ['--require', hook, resolve(dist, 'cli.cjs'), ...args], { cwd, env });
  const loaded = JSON.parse(readFileSync(list, 'utf8')) as { files: string[]; builtins: string[] };
  return {
    files: loaded.files.filter((path) => path !== hook).map((path) => basename(path)),
    builtins: loaded.builtins.map((name) => name.replace('NativeModule ', '')),
  };
}

it.each([
  [['--version'], ['cli.cjs']],
  [['-V'], ['cli.cjs']],
  [['--help'], ['cli.cjs', 'program.cjs']],
  [
    ['team-overview', '--help'],
    ['cli.cjs', 'program.cjs'],
  ],
])('%j reads no more of the command line than it needs', async (args, files) => {
  expect((await loadedBy(args)).files).toEqual(files);
});

it('a whole export does not load the slow parts of Node that it has no use for', async () => {
  const { builtins } = await loadedBy(['team-overview', '121']);
  expect(builtins).toContain('http');
  const slow = ['child_process', 'readline', 'http2', 'internal/deps/undici/undici'];
  expect(builtins.filter((name) => slow.includes(name))).toEqual([]);
});

describe('the bytecode of the build', () => {
  const compiled = ['cli.cjs', 'program.cjs', 'bytecode.cjs'];

  it('is accepted by the Node that made it', async () => {
    const cwd = newFolder();
    const hook = join(cwd, 'hook.cjs');
    // Sees each script as it is compiled.
    writeFileSync(
      hook,
      `const vm = require('node:vm');
      vm.Script = class extends vm.Script {
        constructor(...given) {
          super(...given);
          console.error('rejected: ' + this.cachedDataRejected);
        }
      };`,
    );
    const env = { PATH: process.env['PATH'], ...datasaur.environment };
    const args = ['--require', hook, resolve('dist/cli.cjs'), 'team-overview', '121', '--quiet'];
    expect((await run(process.execPath, args, { cwd, env })).stderr).toBe('rejected: false\n');
  });

  it('is used instead of compiling', async () => {
    expect((await loadedBy(['team-overview', '121'])).files).toEqual(compiled);
  });

  it('names neither the place where it was built nor a secret', () => {
    const name = readdirSync('dist/cli').find((file) => file.endsWith('.bytecode')) ?? '';
    const bytecode = readFileSync(join('dist/cli', name), 'latin1');
    expect(bytecode).not.toContain(process.cwd());
    expect(bytecode).not.toMatch(/datasaur-export-build-|[0-9a-f]{64}/);
  });

  it.each<[string, (path: string, bytecode: Buffer) => void]>([
    ['missing', (path) => { rmSync(path); }],
    ['empty', (path) => { writeFileSync(path, ''); }],
    ['cut off', (path, bytecode) => { writeFileSync(path, bytecode.subarray(0, 100_000)); }],
    ['damaged', (path, bytecode) => { writeFileSync(path, bytecode.fill(0, 200_000, 200_100)); }],
  ])('is done without where it is %s', async (_name, spoil) => {
    const copy = newFolder();
    cpSync('dist/cli.cjs', join(copy, 'cli.cjs'));
    cpSync('dist/cli', join(copy, 'cli'), { recursive: true });
    const name = readdirSync('dist/cli').find((file) => file.endsWith('.bytecode')) ?? '';
    const path = join(copy, 'cli', name);
    spoil(path, readFileSync(path));
    const { files } = await loadedBy(['team-overview', '121'], copy);
    expect(files).toEqual([...compiled, 'team-overview-command.cjs']);
  }); // prettier-ignore
});
