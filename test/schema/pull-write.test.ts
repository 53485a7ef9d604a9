import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as nodeFs from 'node:fs';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { carryOut } from '../../src/schema/pull.js';
import { writeFiles, type FileSystem } from '../../src/schema/write-files.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'datasaur-export-pull-'));
  mkdirSync(join(folder, 'schema'));
  for (const name of ['a', 'b', 'c'])
    writeFileSync(join(folder, 'schema', `${name}.graphql`), `old ${name}\n`);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const pause = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const at = (name: string) => join(folder, name);
/** Everything in the folder, by path. */
const contents = () =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((path) => [path, statSync(at(path)).isFile() ? readFileSync(at(path), 'utf8') : null]),
  );
const changes = () => [
  { path: at('schema/a.graphql'), before: 'old a\n', after: 'new a\n' },
  { path: at('schema/b.graphql'), before: 'old b\n', after: null },
  { path: at('schema/c.graphql'), before: 'old c\n', after: 'new c\n' },
  { path: at('schema/more/deep/d.graphql'), before: null, after: 'new d\n' },
];
const written = {
  'schema/a.graphql': 'new a\n',
  'schema/c.graphql': 'new c\n',
  'schema/more/deep/d.graphql': 'new d\n',
  ...{ schema: null, 'schema/more': null, 'schema/more/deep': null },
};

/** A file system whose `call`-th call of a function that changes something fails; null if there are not so many. */
function failingAt(call: number): { fs: FileSystem; failed: () => boolean } {
  let calls = 0;
  const failing = (name: 'copyFileSync' | 'mkdirSync' | 'renameSync' | 'rmSync' | 'writeFileSync') =>
    [
      name,
      (...args: unknown[]) => {
        calls += 1;
        if (calls === call) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        return (nodeFs[name] as (...given: unknown[]) => unknown)(...args);
      },
    ] as const;
  const names = ['copyFileSync', 'mkdirSync', 'renameSync', 'rmSync', 'writeFileSync'] as const;
  const fs = { ...nodeFs, ...Object.fromEntries(names.map(failing)) } as FileSystem;
  return { fs, failed: () => calls >= call };
}

describe('all files or none', () => {
  it('all are written, nothing is left beside them, and what is a link or not for everybody stays so', () => {
    chmodSync(at('schema/a.graphql'), 0o640);
    writeFileSync(at('elsewhere'), 'old c\n');
    rmSync(at('schema/c.graphql'));
    symlinkSync(at('elsewhere'), at('schema/c.graphql'));
    writeFiles(changes()).keep();
    expect(contents()).toEqual({ ...written, elsewhere: 'new c\n' });
    expect(statSync(at('schema/a.graphql')).mode & 0o777).toBe(0o640);
    expect(lstatSync(at('schema/c.graphql')).isSymbolicLink()).toBe(true);
  });

  it('undone, everything is as it was', () => {
    const before = contents();
    const files = writeFiles(changes());
    expect(contents()).not.toEqual(before);
    files.undo();
    expect(contents()).toEqual(before);
    files.undo();
    files.keep();
    expect(contents()).toEqual(before);
  });

  it('whatever fails in the middle, everything is as it was', () => {
    const before = contents();
    let call = 1;
    for (; call < 100; call += 1) {
      const { fs, failed } = failingAt(call);
      let thrown: unknown;
      try {
        writeFiles(changes(), fs);
      } catch (error) {
        thrown = error;
      }
      if (!failed()) break;
      expect(thrown).toMatchObject({ code: 'OUTPUT_UNUSABLE' });
      expect(contents()).toEqual(before);
    }
    // Folders, copies, new files and renames: each of them has failed once.
    expect(call).toBeGreaterThan(12);
  });

  it('a file that somebody else has changed in the meantime is not overwritten', () => {
    writeFileSync(at('schema/c.graphql'), 'newer\n');
    const before = contents();
    expect(() => writeFiles(changes())).toThrow(expect.objectContaining({ code: 'OUTPUT_UNUSABLE' }));
    expect(contents()).toEqual(before);
  });

  it('a new file that is there already is not overwritten', () => {
    mkdirSync(at('schema/more/deep'), { recursive: true });
    writeFileSync(at('schema/more/deep/d.graphql'), 'there\n');
    const before = contents();
    expect(() => writeFiles(changes())).toThrow(expect.objectContaining({ code: 'OUTPUT_UNUSABLE' }));
    expect(contents()).toEqual(before);
  });
});

describe('the code generator', () => {
  const program = (script: string): string => {
    writeFileSync(at('generate'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return at('generate');
  };

  it('sees the new files, in the folder of the project', async () => {
    const generator = { folder, program: program('cat schema/a.graphql > generated; cp -R schema seen') };
    await carryOut(changes(), generator);
    expect(contents()).toMatchObject({ ...written, generated: 'new a\n', 'seen/c.graphql': 'new c\n' });
  });

  it('fails: everything is as it was, and what it said is told, without what drives a terminal', async () => {
    const generator = { folder, program: program(`printf '\\033[31mIt is broken\\n' >&2; exit 3`) };
    const before = contents();
    await expect(carryOut(changes(), generator)).rejects.toMatchObject({
      code: 'CODEGEN_FAILED',
      message: 'graphql-codegen ended with 3: [31mIt is broken',
    });
    expect(contents()).toEqual(before);
  });

  it('cannot be run: everything is as it was', async () => {
    const before = contents();
    const generator = { folder, program: at('missing') };
    await expect(carryOut(changes(), generator)).rejects.toMatchObject({ code: 'CODEGEN_FAILED' });
    expect(contents()).toEqual(before);
  });

  it('is interrupted: it ends, with what it started, and everything is as it was', async () => {
    const generator = { folder, program: program('(echo > started; sleep 0.5; echo > late) & wait') };
    const abort = new AbortController();
    const run = carryOut(changes(), generator, { signal: abort.signal });
    while (!nodeFs.existsSync(at('started'))) await pause(5);
    expect(contents()).toMatchObject({ 'schema/a.graphql': 'new a\n' });
    abort.abort();
    await expect(run).rejects.toMatchObject({ code: 'ABORTED' });
    await pause(700);
    rmSync(at('started'));
    rmSync(at('generate'));
    expect(contents()).toMatchObject({ 'schema/a.graphql': 'old a\n', 'schema/b.graphql': 'old b\n' });
    expect(Object.keys(contents())).toEqual([
      'schema',
      ...['a', 'b', 'c'].map((name) => `schema/${name}.graphql`),
    ]);
  });
});

it('what somebody else has changed since is not put back', () => {
  const files = writeFiles(changes());
  writeFileSync(at('schema/a.graphql'), 'edited\n');
  expect(() => {
    files.undo();
  }).toThrow(expect.objectContaining({ code: 'OUTPUT_UNUSABLE' }));
  expect(readFileSync(at('schema/a.graphql'), 'utf8')).toBe('edited\n');
  expect(readFileSync(at('schema/b.graphql'), 'utf8')).toBe('old b\n');
  expect(readdirSync(at('schema')).sort()).toEqual(['a.graphql', 'b.graphql', 'c.graphql']);
});

it('an interrupt that comes while the files are written puts them back, also without a generator', async () => {
  const before = contents();
  const controller = new AbortController();
  const carried = carryOut(changes(), null, { signal: controller.signal });
  controller.abort();
  await expect(carried).rejects.toMatchObject({ code: 'ABORTED' });
  expect(contents()).toEqual(before);
});
