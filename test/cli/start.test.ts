import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { FaultyDatasaur } from './faulty-datasaur.js';
import { newFolder, runCli } from './run-cli.js';
import { zipOf } from './zip.js';

let datasaur: FaultyDatasaur;
beforeEach(async () => {
  datasaur = await FaultyDatasaur.start({ bytes: await zipOf(10_000) });
});
afterEach(async () => datasaur.close());

/** What a run of the command line loads: files of its own, and parts of Node. */
async function loadedBy(args: readonly string[]): Promise<{ files: string[]; builtins: string[] }> {
  const folder = newFolder();
  const hook = join(folder, 'hook.cjs');
  const list = join(folder, 'loaded.json');
  writeFileSync(
    hook,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(list)},
      JSON.stringify({ files: Object.keys(require.cache), builtins: process.moduleLoadList })));`,
  );
  const env = { ...datasaur.environment, NODE_OPTIONS: `--require ${hook}` };
  const { status, stderr } = await runCli(args, env, newFolder());
  expect([status, stderr]).toEqual([0, expect.any(String)]);
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
  [
    ['team-overview', '121'],
    ['cli.cjs', 'program.cjs', 'team-overview-command.cjs'],
  ],
])('%j reads no more of the command line than it needs', async (args, files) => {
  const loaded = await loadedBy(args);
  expect(loaded.files).toEqual(files);
});

it('a whole export does not load the slow parts of Node that it has no use for', async () => {
  const { builtins } = await loadedBy(['team-overview', '121']);
  expect(builtins).toContain('http');
  const slow = ['child_process', 'readline', 'http2', 'internal/deps/undici/undici'];
  expect(builtins.filter((name) => slow.includes(name))).toEqual([]);
});
