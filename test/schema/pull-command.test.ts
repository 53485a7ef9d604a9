import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyPatch, parsePatch } from 'diff';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { newFolder, runCli, startCli } from '../cli/run-cli.js';
import { liveSdl } from './projects.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(async () => sandbox.close());

const created: string[] = [];
afterAll(() => {
  for (const folder of created) rmSync(folder, { recursive: true, force: true });
});

const grown = ['  FILE_STORAGE\n', '  FILE_STORAGE\n  EXTERNAL_OBJECT_STORAGE\n'] as const;
const stricter = ['fileUrl: String', 'fileUrl: String!'] as const;

/** A copy of this project's files and a live schema; in the repository, where graphql-codegen is installed. */
function projectWith(live: string): string {
  mkdirSync('.tmp', { recursive: true });
  const folder = mkdtempSync(resolve('.tmp', 'pull-'));
  created.push(folder);
  for (const name of ['schema', 'operations', 'generated', 'codegen', 'codegen.yml'])
    cpSync(name, join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'live.graphql'), live);
  return folder;
}

/** A project of which one script plays graphql-codegen. */
function projectWithGenerator(script: string): string {
  const folder = projectWith(liveSdl(grown));
  mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
  writeFileSync(join(folder, 'node_modules/.bin/graphql-codegen'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}

function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
}

const pull = async (folder: string, ...args: string[]) =>
  runCli(['schema', 'pull', '--from', 'live.graphql', ...args], {}, folder);

describe('schema pull', () => {
  it('of our own fragment changes nothing, not a byte, also of what is generated', async () => {
    const folder = projectWith(liveSdl());
    const before = contents(folder);
    const { status, stdout, stderr } = await pull(folder);
    expect([status, stdout]).toEqual([0, '']);
    expect(stderr).toMatch(/^Nothing to pull: .*graphql-codegen has run\.\n$/);
    expect(contents(folder)).toEqual(before);
  });

  it('prints what --dry-run prints, does it, generates anew, and then has nothing left to do', async () => {
    const folder = projectWith(liveSdl(grown, stricter));
    const before = contents(folder);
    const dry = await pull(folder, '--dry-run');
    expect(dry).toMatchObject({ status: 0, stderr: 'A pull from live.graphql would change 1 file.\n' });
    expect(contents(folder)).toEqual(before);

    const real = await pull(folder);
    expect(real).toMatchObject({ status: 0, stdout: dry.stdout });
    const after = contents(folder);
    const [patch, ...others] = parsePatch(real.stdout);
    expect([patch?.oldFileName, patch?.newFileName, others]).toEqual([
      'a/schema/export.graphql',
      'b/schema/export.graphql',
      [],
    ]);
    expect(applyPatch(before['schema/export.graphql']!, patch!)).toBe(after['schema/export.graphql']);
    expect(real.lines.filter((line) => /^[-+](?![-+])/.test(line))).toEqual([
      '+  EXTERNAL_OBJECT_STORAGE',
      '-  fileUrl: String',
      '+  fileUrl: String!',
    ]);
    expect(after['generated/documents.ts']).toContain("| 'EXTERNAL_OBJECT_STORAGE'");
    expect(after['generated/hooks.ts']).toBe(before['generated/hooks.ts']);

    expect(await pull(folder)).toMatchObject({ status: 0, stdout: '' });
    expect(contents(folder)).toEqual(after);
  });

  it('tells programs one file a line', async () => {
    const { lines } = await pull(projectWith(liveSdl(grown)), '--dry-run', '--json');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        path: 'schema/export.graphql',
        change: 'changed',
        diff: expect.stringMatching(/^--- a\/schema\/export\.graphql\n[^]*\n\+ {2}EXTERNAL_OBJECT_STORAGE\n/),
      },
    ]);
  });

  it('makes the schema of a project that has none, from a live API', async () => {
    const folder = newFolder();
    mkdirSync(join(folder, 'operations'));
    writeFileSync(join(folder, 'operations/Teams.graphql'), 'query Teams { getAllTeams { name } }\n');
    const { status, stdout, stderr } = await runCli(['schema', 'pull'], { ...sandbox.environment }, folder);
    expect([status, stderr]).toEqual([
      0,
      `Pulled from ${new URL(sandbox.url).host}: 1 file changed. graphql-codegen is not set up here: generate anew what is generated.\n`,
    ]);
    expect(stdout).toMatch(/^--- \/dev\/null\n\+\+\+ b\/schema\/schema\.graphql\n/);
    expect(contents(folder)['schema/schema.graphql']).toBe(
      'type Query {\n  "The teams that the owner of the access token belongs to."\n  getAllTeams: [Team!]!\n}\n\ntype Team {\n  name: String!\n}\n',
    );
  });
});

describe('nothing on the disk is changed', () => {
  it('by a schema that the operations do not fit: each place is named', async () => {
    const folder = projectWith(
      liveSdl(['fileUrlExpiredAt: String', 'expiry: String'], ['teamId: String!', 'teamId: ID!']),
    );
    const before = contents(folder);
    const people = await pull(folder);
    expect([people.status, people.stdout]).toEqual([1, '']);
    expect(people.stderr).toMatch(
      /^operations\/ExportTeamOverview\.graphql:6:5: breaking: .*fileUrlExpiredAt.*\nerror SCHEMA_INCOMPATIBLE: .*\n {2}hint: .*\n$/,
    );
    const programs = await pull(folder, '--json', '--dry-run');
    expect(programs.status).toBe(1);
    expect(programs.lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      expect.objectContaining({ severity: 'breaking', at: 'operations/ExportTeamOverview.graphql:6:5' }),
    ]);
    expect(contents(folder)).toEqual(before);
  });

  it.each<[string, string[], Record<string, string>, number, string]>([
    ['a schema that is none', ['--from', 'codegen.yml'], {}, 1, 'SCHEMA_INVALID'],
    ['a file that is not there', ['--from', 'missing.json'], {}, 1, 'SCHEMA_UNAVAILABLE'],
    [
      'operations that are not there',
      ['--from', 'live.graphql', '--operations', 'nowhere'],
      {},
      1,
      'OPERATIONS_INVALID',
    ],
    [
      'a folder without operations',
      ['--from', 'live.graphql', '--operations', 'generated'],
      {},
      1,
      'OPERATIONS_INVALID',
    ],
    ['no credentials', [], {}, 4, 'NO_CREDENTIALS'],
    [
      'a wrong token',
      ['--base-url', 'SANDBOX'],
      { DATASAUR_ACCESS_TOKEN: 'wrong-token' },
      4,
      'AUTHENTICATION_FAILED',
    ],
    ['an unknown flag', ['--nonsense'], {}, 2, 'INVALID_ARGUMENT'],
  ])('by %s', async (_what, args, env, status, code) => {
    const folder = projectWith(liveSdl(grown));
    const before = contents(folder);
    const given = args.map((arg) => (arg === 'SANDBOX' ? sandbox.url : arg));
    const result = await runCli(['schema', 'pull', ...given], env, folder);
    expect([result.status, result.stdout]).toEqual([status, '']);
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: .*\\n +hint: `));
    expect(result.stderr).not.toContain('wrong-token');
    expect(contents(folder)).toEqual(before);
  });

  it('by files of our own that do not parse', async () => {
    const folder = projectWith(liveSdl(grown));
    writeFileSync(join(folder, 'schema/team.graphql'), 'type Team {');
    const before = contents(folder);
    const { status, stderr } = await pull(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error OPERATIONS_INVALID: schema\/team\.graphql:1:12: /);
    expect(contents(folder)).toEqual(before);
  });

  it('by a generator that fails', async () => {
    const folder = projectWith(liveSdl(grown));
    writeFileSync(
      join(folder, 'codegen/typed-hooks.mjs'),
      'export const plugin = () => { throw new Error("it is broken") };',
    );
    const before = contents(folder);
    const { status, stdout, stderr } = await pull(folder);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error CODEGEN_FAILED: graphql-codegen ended with 1: .*it is broken/);
    expect(contents(folder)).toEqual(before);
  });

  it('by a generator that is set up, but not installed', async () => {
    const folder = newFolder();
    cpSync(projectWith(liveSdl(grown)), folder, { recursive: true });
    const before = contents(folder);
    const { status, stderr } = await pull(folder);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error CODEGEN_FAILED: graphql-codegen is set up here, but not installed/);
    expect(contents(folder)).toEqual(before);
    expect(await pull(folder, '--dry-run')).toMatchObject({ status: 0 });
  });

  it.each([
    ['once', 1],
    // Whoever asks twice does not want to wait.
    ['twice', 2],
  ])('by SIGINT while the generator runs, %s', async (_what, times) => {
    const folder = projectWithGenerator('echo > started; sleep 20');
    const before = contents(folder);
    const running = startCli(['schema', 'pull', '--from', 'live.graphql'], {}, folder);
    while (!existsSync(join(folder, 'started'))) await new Promise((done) => setTimeout(done, 10));
    expect(contents(folder)['schema/export.graphql']).toContain('EXTERNAL_OBJECT_STORAGE');
    for (let time = 0; time < times; time += 1) running.child.kill('SIGINT');
    expect(await running.result).toMatchObject({ status: 130, stdout: '' });
    rmSync(join(folder, 'started'));
    expect(contents(folder)).toEqual(before);
  });
});
