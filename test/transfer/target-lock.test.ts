import { spawn, spawnSync } from 'node:child_process';
import { readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
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

test('keeps others of this process off, until it is released', async () => {
  const release = await lockTarget(target());
  expect(JSON.parse(await readFile(lock(), 'utf8'))).toEqual({
    pid: process.pid,
    host: hostname(),
    id: expect.any(String),
  });
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'TARGET_BUSY' });
  const elsewhere = await lockTarget(join(room.path, 'b.zip'));
  await elsewhere();
  await release();
  expect(await room.list()).toEqual([]);
  await (
    await lockTarget(target())
  )();
});

async function expectTakenOver(): Promise<void> {
  const release = await lockTarget(target());
  expect(JSON.parse(await readFile(lock(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
  await release();
  expect(await room.list()).toEqual([]);
}

async function expectBusy(text: string): Promise<void> {
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'TARGET_BUSY' });
  expect(await readFile(lock(), 'utf8')).toBe(text);
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
}

test('takes over the lock of a process that is dead', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock(), JSON.stringify({ pid, host: hostname(), id }));
  await expectTakenOver();
});

test('takes over the lock of an earlier process of the same number', async () => {
  await writeFile(lock(), JSON.stringify({ pid: process.pid, host: hostname(), id }));
  await expectTakenOver();
});

test('respects the lock of a process that lives, and takes it over once it is silent', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  try {
    const text = JSON.stringify({ pid: child.pid, host: hostname(), id });
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
  await (
    await lockTarget(target())
  )();
});

test.each(['', '{"pid":'])('takes over a lock whose writer was killed while writing: %j', async (text) => {
  await writeFile(lock(), text);
  await expectTakenOver();
});

test('leaves a lock alone that another has taken over in the meantime', async () => {
  const release = await lockTarget(target());
  const text = JSON.stringify({ pid: 1, host: 'elsewhere.example', id });
  await writeFile(lock(), text);
  await release();
  expect(await readFile(lock(), 'utf8')).toBe(text);
});

test('says what is wrong where no lock can be made', async () => {
  await expect(lockTarget(join(room.path, 'none', 'a.zip'))).rejects.toMatchObject({
    code: 'OUTPUT_UNUSABLE',
  });
});

test('is had by one of many that want it at once', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(lock(), JSON.stringify({ pid, host: hostname(), id }));
  const results = await Promise.allSettled(Array.from({ length: 10 }, async () => lockTarget(target())));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('does not read what is no file in its place', async () => {
  spawnSync('mkfifo', [lock()]);
  await expect(lockTarget(target())).rejects.toMatchObject({ code: 'OUTPUT_UNUSABLE' });
  expect(await room.list()).toEqual(['a.zip.datasaur-lock']);
});
