import { afterAll, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { newFolder } from '../cli/run-cli.js';
import { liveSdl } from './projects.js';

const created: string[] = [];
afterAll(() => {
  for (const folder of created) rmSync(folder, { recursive: true, force: true });
});

/** A clone of a repository with our files, and a `gh` that writes down what it is asked for. */
class Clone {
  readonly folder = newFolder();
  readonly #env: Record<string, string>;

  constructor() {
    created.push(this.folder);
    const origin = this.path('origin.git');
    for (const name of [
      'schema',
      'operations',
      'generated',
      'codegen',
      'codegen.yml',
      '.ci',
      '.prettierrc.json',
    ])
      cpSync(name, this.path(name), { recursive: true });
    for (const name of ['dist', 'node_modules']) symlinkSync(resolve(name), this.path(name));
    mkdirSync(this.path('bin'));
    writeFileSync(
      this.path('bin/gh'),
      `#!/bin/sh
      echo "$*" | sed 's#--body-file [^ ]*#--body-file …#' >>"$FOLDER/asked"
      if [ "$2" = list ] && [ -e "$FOLDER/number" ]; then cat "$FOLDER/number"; fi\n`,
      { mode: 0o755 },
    );
    const identity = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_COMMITTER_NAME: 'a' };
    this.#env = {
      ...{
        ...identity,
        GIT_COMMITTER_EMAIL: 'a@example.com',
        GIT_CONFIG_GLOBAL: '/dev/null',
        HOME: this.folder,
      },
      ...{ PATH: `${this.path('bin')}:${process.env['PATH'] ?? ''}`, FOLDER: this.folder },
    };
    this.run('git', 'init', '--quiet', '--initial-branch', 'main');
    this.run('git', 'init', '--quiet', '--bare', origin);
    this.run('git', 'remote', 'add', 'origin', origin);
    this.run('git', 'add', 'schema', 'operations', 'generated');
    this.run('git', 'commit', '--quiet', '--message', 'First');
    this.run('git', 'push', '--quiet', 'origin', 'main');
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  run(program: string, ...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync(program, args, { cwd: this.folder, env: this.#env, encoding: 'utf8', timeout: 25_000 });
  }

  /** One run of the workflow, on `main`. */
  follow(live: string): { statuses: (number | null)[]; said: string; asked: string[]; text: string } {
    this.run('git', 'switch', '--quiet', '--force', 'main');
    for (const name of ['asked', 'out']) rmSync(this.path(name), { recursive: true, force: true });
    writeFileSync(this.path('live.graphql'), live);
    const first = this.run('bash', '.ci/schema-follow', 'out', '--from', 'live.graphql');
    const results =
      first.status === 0 ? [first, this.run('bash', '.ci/schema-pull-request', 'out')] : [first];
    const read = (name: string): string =>
      existsSync(this.path(name)) ? readFileSync(this.path(name), 'utf8') : '';
    return {
      statuses: results.map(({ status }) => status),
      said: results.map(({ stdout, stderr }) => stdout + stderr).join(''),
      asked: read('asked').split('\n').slice(0, -1),
      text: read('out/text'),
    };
  }

  /** The files that the branch of the pull request changes. */
  pushed(): string[] {
    const { stdout } = this.run(
      'git',
      '--git-dir',
      'origin.git',
      'diff',
      '--name-only',
      'main',
      'schema-pull',
    );
    return stdout.split('\n').slice(0, -1);
  }
}

const list = 'pr list --head schema-pull --state open --json number --jq .[0].number // empty';
const grown = ['  FILE_STORAGE\n', '  FILE_STORAGE\n  EXTERNAL_OBJECT_STORAGE\n'] as const;

it('where nothing moved, nothing is asked for', () => {
  const clone = new Clone();
  expect(clone.follow(liveSdl())).toMatchObject({ statuses: [0, 0], asked: [list] });
  expect(clone.pushed()).toEqual([]);
});

it('where something moved, one pull request is opened, then updated, and pushed again only if it changes', () => {
  const clone = new Clone();
  const first = clone.follow(liveSdl(grown));
  expect(first.statuses).toEqual([0, 0]);
  expect(first.asked).toEqual([
    list,
    'pr create --base main --head schema-pull --title Follow the live schema (dangerous) --body-file …',
    'workflow run ci.yml --ref schema-pull',
  ]);
  expect(first.text).toMatch(
    /^The live schema moved, and \*\*something in it is dangerous[^]*\n {4}schema\/export\.graphql:\d+: dangerous: GqlExportMethod\.EXTERNAL_OBJECT_STORAGE: /,
  );
  expect(clone.pushed()).toEqual(['generated/documents.ts', 'schema/export.graphql']);

  writeFileSync(clone.path('number'), '7\n');
  const edit = 'pr edit 7 --title Follow the live schema (dangerous) --body-file …';
  expect(clone.follow(liveSdl(grown))).toMatchObject({ statuses: [0, 0], asked: [list, edit] });

  const more = clone.follow(liveSdl(grown, ['fileUrl: String', 'fileUrl: String!']));
  expect(more.asked).toEqual([list, edit, 'workflow run ci.yml --ref schema-pull']);
});

it('where something breaks that can be pulled, there is a pull request that says so, and the run is red', () => {
  const clone = new Clone();
  const { statuses, asked, said } = clone.follow(liveSdl(['  name: String!', '  name: String']));
  expect(statuses).toEqual([0, 1]);
  expect(asked[1]).toContain('Follow the live schema (breaking)');
  expect(said).toContain('::error::The live schema and our operations: breaking.');
  expect(clone.pushed()).toEqual(['generated/documents.ts', 'schema/team.graphql']);
});

it('where the operations are refused, the run is red, and an open pull request says so', () => {
  const clone = new Clone();
  const live = liveSdl(['fileUrlExpiredAt: String', 'expiry: String']);
  expect(clone.follow(live)).toMatchObject({ statuses: [0, 1], asked: [list] });
  writeFileSync(clone.path('number'), '7\n');
  const edit = 'pr edit 7 --title Follow the live schema (refused) --body-file …';
  expect(clone.follow(live)).toMatchObject({ statuses: [0, 1], asked: [list, edit] });
  expect(clone.pushed()).toEqual([]);
});

it('where no schema is to be had, the run is red, and nothing is asked for', () => {
  const { statuses, said, asked } = new Clone().follow('no schema');
  expect(statuses).toEqual([1]);
  expect(said).toMatch(/^error SCHEMA_INVALID: /);
  expect(asked).toEqual([]);
});
