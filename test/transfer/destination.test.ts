import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Destination, type DestinationOptions } from '../../src/transfer/index.js';
import { scratch } from './scratch.js';

let room: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  room = await scratch();
});
afterEach(async () => {
  await chmod(room.path, 0o755);
  await room.remove();
});
const at = (name: string): string => join(room.path, name);

async function failure(to: string, options: DestinationOptions = {}): Promise<unknown> {
  return Destination.prepare(to, options).then(
    () => 'prepared',
    (error: unknown) => error,
  );
}

test('an existing directory takes the file under its safe name', async () => {
  const destination = await Destination.prepare(room.path);
  expect(await destination.place('a/b.zip')).toBe(at('a_b.zip'));
  expect(await room.list()).toEqual([]);
});

test('a path that ends in / is created, and removed again when nothing was put there', async () => {
  const destination = await Destination.prepare(at('new/deep/'));
  expect(await room.list()).toEqual(['new']);
  expect(await destination.place('a.zip')).toBe(at('new/deep/a.zip'));
  await destination.tidy();
  expect(await room.list()).toEqual([]);
});

test('a directory that was created stays when something was put there', async () => {
  const destination = await Destination.prepare(at('new/'));
  await writeFile(await destination.place('a.zip'), 'x');
  await destination.tidy();
  expect(await readFile(at('new/a.zip'), 'utf8')).toBe('x');
});

test('a directory that was there before stays', async () => {
  await mkdir(at('old'));
  await (await Destination.prepare(at('old/'))).tidy();
  await (await Destination.prepare(at('old'))).tidy();
  expect(await room.list()).toEqual(['old']);
});

test('a name that is free is that of the file, whatever the server calls it', async () => {
  const destination = await Destination.prepare(at('mine.zip'));
  expect(await destination.place('theirs.zip')).toBe(at('mine.zip'));
  expect(await room.list()).toEqual([]);
});

test('an existing file is refused before anything is asked for', async () => {
  await writeFile(at('a.zip'), 'x');
  expect(await failure(at('a.zip'))).toMatchObject({ code: 'FILE_EXISTS', details: { path: at('a.zip') } });
  expect(await (await Destination.prepare(at('a.zip'), { overwrite: true })).place('b.zip')).toBe(
    at('a.zip'),
  );
  expect(await readFile(at('a.zip'), 'utf8')).toBe('x');
});

test('an existing file in the directory is refused as soon as its name is known', async () => {
  await writeFile(at('a.zip'), 'x');
  await expect((await Destination.prepare(room.path)).place('a.zip')).rejects.toMatchObject({
    code: 'FILE_EXISTS',
  });
  const bold = await Destination.prepare(room.path, { overwrite: true });
  expect(await bold.place('a.zip')).toBe(at('a.zip'));
});

test('a directory in the way of the file is refused, also with overwrite', async () => {
  await mkdir(at('a.zip'));
  const destination = await Destination.prepare(room.path, { overwrite: true });
  await expect(destination.place('a.zip')).rejects.toMatchObject({
    code: 'OUTPUT_UNUSABLE',
    message: `${at('a.zip')} is a directory.`,
  });
});

test('a file in the place of the directory is refused', async () => {
  await writeFile(at('file'), 'x');
  expect(await failure(at('file/'), { overwrite: true })).toMatchObject({
    code: 'OUTPUT_UNUSABLE',
    message: `${at('file')} is not a directory.`,
  });
  expect(await failure(at('file/deep/'))).toMatchObject({ code: 'OUTPUT_UNUSABLE' });
  expect(await failure(at('file/a.zip'))).toMatchObject({ code: 'OUTPUT_UNUSABLE' });
});

test('what is not a regular file is never replaced', async () => {
  execFileSync('mkfifo', [at('pipe')]);
  for (const overwrite of [false, true]) {
    expect(await failure(at('pipe'), { overwrite })).toMatchObject({
      code: 'OUTPUT_UNUSABLE',
      message: `${at('pipe')} is not a regular file.`,
    });
    expect(await failure('/dev/null', { overwrite })).toMatchObject({ code: 'OUTPUT_UNUSABLE' });
    const directory = await Destination.prepare(room.path, { overwrite });
    await expect(directory.place('pipe')).rejects.toMatchObject({ code: 'OUTPUT_UNUSABLE' });
  }
});

test('a symbolic link that leads nowhere is in the way all the same', async () => {
  await symlink(at('nowhere'), at('link.zip'));
  expect(await failure(at('link.zip'))).toMatchObject({ code: 'FILE_EXISTS' });
});

test('a directory that is not there is only created where the path ends in /', async () => {
  expect(await failure(at('none/a.zip'))).toMatchObject({ code: 'OUTPUT_UNUSABLE' });
  expect(await room.list()).toEqual([]);
});

test('several files need a directory', async () => {
  expect(await failure(at('a.zip'), { several: true })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(await Destination.prepare(room.path, { several: true })).toBeInstanceOf(Destination);
  expect(await failure('')).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(await failure('a\0b')).toMatchObject({ code: 'INVALID_ARGUMENT' });
});

test('files of one name in one run are told apart by their owners', async () => {
  const destination = await Destination.prepare(room.path, { several: true });
  const names: string[] = [];
  for (const [name, owner] of [
    ['T.zip', '1'],
    ['T.zip', '2'],
    ['t.ZIP', '3'],
    ['T.zip', '2'],
    ['U.zip', '4'],
  ] as const) {
    names.push(basename(await destination.place(name, owner)));
  }
  expect(names).toEqual(['T.zip', 'T (2).zip', 't (3).ZIP', 'T (2-2).zip', 'U.zip']);
});
