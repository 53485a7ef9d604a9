import { spawn, spawnSync } from 'node:child_process';
import { readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { thisProcess, type Holder } from '../../src/transfer/lock-holder.js';
import { lockTarget as lockUnless } from '../../src/transfer/target-lock.js';
import { scratch } from './scratch.js';

let room: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  room = await scratch();
});
afterEach(async () => {
  await room.remove();
});
const target = (): string => join(room.path, 'a.zip');
const lock = (): string => `${target()}.datasaur-lock`;
const id = 'someone';
const lockTarget = async (path: string): ReturnType<typeof lockUnless> => lockUnless(path, undefined);
/** A lock as this process would write it, but for what is given. */
const lockOf = async (other: Partial<Holder>): Promise<string> =>
  JSON.stringify({ ...(await thisProcess(id)), started: null, ...other });

test('keeps others of this process off, until it is released', async () => {
  const held = await lockTarget(target());
  expect(JSON.parse(await readFile(lock(), 'utf8'))).toEqual({
    ...(await thisProcess('')),
    id: expect.any(String),
  });
  expect(await held.isHeld()).toBe(true);
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'TARGET_BUSY' });
  const elsewhere = await lockTarget(join(room.path, 'b.zip'));
  await elsewhere.release();
  await held.release();
  expect(await room.list()).toEqual([]);
  await (await lockTarget(target())).release();
});

async function expectTakenOver(): Promise<void> {
  const held = await lockTarget(target());
  expect(JSON.parse(await readFile(lock(), 'utf8'))).toMatchObject({ pid: process.pid });
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
  await held.release();
  expect(await room.list()).toEqual([]);
}

async function expectBusy(text: string): Promise<void> {
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'TARGET_BUSY' });
  expect(await readFile(lock(), 'utf8')).toBe(text);
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
}

test('takes over the lock of a process that is dead', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock(), await lockOf({ pid }));
  await expectTakenOver();
});

const linux = process.platform === 'linux' ? test : test.skip;

linux('takes over the lock of an earlier process of the same number', async () => {
  await writeFile(lock(), await lockOf({ started: '1' }));
  await expectTakenOver();
});

test('keeps off another copy of itself in this process, such as one in a thread', async () => {
  const text = JSON.stringify(await thisProcess(id));
  await writeFile(lock(), text);
  if (process.platform !== 'linux') setTimeout(() => void utimes(lock(), new Date(), new Date()), 3000);
  await expectBusy(text);
});

test('keeps off what names the target by another path', async () => {
  await symlink(room.path, `${room.path}-link`);
  const held = await lockTarget(target());
  await expect(lockTarget(`${room.path}-link/a.zip`)).rejects.toMatchObject({ code: 'TARGET_BUSY' });
  await rm(`${room.path}-link`);
  await held.release();
});

describe('of a process that cannot be looked up from here, as in another container of this host name', () => {
  test('it listens whether the lock is touched, and respects it', async () => {
    const text = await lockOf({ scope: 'another', pid: 1 });
    await writeFile(lock(), text);
    const beat = setInterval(() => {
      const now = new Date();
      void utimes(lock(), now, now);
    }, 1000);
    await expectBusy(text).finally(() => {
      clearInterval(beat);
    });
  });

  test('it takes over what is silent, however young', async () => {
    await writeFile(lock(), await lockOf({ scope: 'another', pid: 1 }));
    await expectTakenOver();
  });
});

test('knows when it was taken over, and leaves the other alone', async () => {
  const held = await lockTarget(target());
  const text = await lockOf({ pid: 1 });
  await writeFile(lock(), text);
  expect(await held.isHeld()).toBe(false);
  await held.release();
  expect(await readFile(lock(), 'utf8')).toBe(text);
});

test('respects the lock of a process that lives, and takes it over once it is silent', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    const text = await lockOf({ pid: child.pid! });
    await writeFile(lock(), text);
    await expectBusy(text);
    const longAgo = new Date(Date.now() - 31_000);
    await utimes(lock(), longAgo, longAgo);
    await expectTakenOver();
  } finally {
    child.kill();
  }
});

test('respects the lock of another machine, and takes it over once it is silent', async () => {
  const text = JSON.stringify({ pid: 1, host: 'elsewhere.example', id });
  await writeFile(lock(), text);
  await expectBusy(text);
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(lock(), longAgo, longAgo);
  await expectTakenOver();
});

test('waits for a lock that is just being written, and respects it', async () => {
  const text = JSON.stringify({ pid: 1, host: 'elsewhere.example', id });
  await writeFile(lock(), text.slice(0, 7));
  setTimeout(() => void writeFile(lock(), text), 300);
  await expectBusy(text);
});

test('aborted while it takes a lock over, it leaves none', async () => {
  await writeFile(lock(), '{"pid":');
  const ago = new Date(Date.now() - 3000);
  await utimes(lock(), ago, ago);
  const controller = new AbortController();
  const locking = lockUnless(target(), controller.signal);
  setTimeout(() => {
    controller.abort();
  }, 60);
  await expect(locking).rejects.toMatchObject({ code: 'ABORTED' });
  expect(await room.list()).toEqual([]);
});

test('ends at once when it is aborted while it listens', async () => {
  const text = JSON.stringify({ pid: 1, host: 'elsewhere.example', id });
  await writeFile(lock(), text);
  const longAgo = new Date(Date.now() - 31_000);
  await utimes(lock(), longAgo, longAgo);
  const controller = new AbortController();
  const locking = lockUnless(target(), controller.signal);
  setTimeout(() => {
    controller.abort();
  }, 200);
  const ended = await Promise.race([locking.catch((error: unknown) => error), delay(2000)]);
  expect(ended).toMatchObject({ code: 'ABORTED' });
  expect(await readFile(lock(), 'utf8')).toBe(text);
  await rm(lock());
  // And the target can be had again.
  await (await lockTarget(target())).release();
});

test.each(['', '{"pid":'])('takes over a lock whose writer was killed while writing: %j', async (text) => {
  await writeFile(lock(), text);
  await expectTakenOver();
});

test('says what is wrong where no lock can be made', async () => {
  await expect(lockTarget(join(room.path, 'none', 'a.zip'))).rejects.toMatchObject({
    code: 'OUTPUT_UNUSABLE',
  });
});

test('is had by one of many that want it at once', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock(), await lockOf({ pid }));
  const results = await Promise.allSettled(Array.from({ length: 10 }, async () => lockTarget(target())));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('does not read what is no file in its place', async () => {
  spawnSync('mkfifo', [lock()]);
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'OUTPUT_UNUSABLE' });
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
});
