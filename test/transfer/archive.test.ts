import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { verifyArchive } from '../../src/transfer/archive.js';
import { scratch, zip } from './scratch.js';

const { signal } = new AbortController();
const data = randomBytes(10_000);
let room: Awaited<ReturnType<typeof scratch>>;
beforeEach(async () => {
  room = await scratch();
});
afterEach(async () => {
  await room.remove();
});

async function verdict(bytes: Buffer, by = signal): Promise<unknown> {
  const path = join(room.path, 'a.zip');
  await writeFile(path, bytes);
  return verifyArchive(path, by).then(
    () => 'good',
    (error: unknown) => error,
  );
}

/** With one byte changed. */
function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = copy[at]! ^ 1;
  return copy;
}

test.each([false, true])('takes a whole archive (compressed: %p)', async (compress) => {
  expect(
    await verdict(
      await zip(
        { 'a.csv': data, 'チーム/b.csv': Buffer.from('x'.repeat(5000)), empty: Buffer.alloc(0) },
        compress,
      ),
    ),
  ).toBe('good');
});

test('takes an archive without entries', async () => {
  expect(await verdict(await zip({}))).toBe('good');
});

test('refuses a changed byte in what is stored, by its CRC', async () => {
  const good = await zip({ first: Buffer.from('x'), second: data });
  const at = good.indexOf(data);
  expect(at).toBeGreaterThan(0);
  for (const position of [at, at + 5000, at + 9999]) {
    expect(await verdict(flipped(good, position))).toMatchObject({
      code: 'ARCHIVE_INVALID',
      message: 'The file is not a complete zip archive: the CRC of an entry does not hold.',
    });
  }
});

test('refuses a changed byte in what is compressed', async () => {
  const good = await zip({ a: Buffer.from('hello world '.repeat(1000)) }, true);
  expect(await verdict(flipped(good, 45))).toMatchObject({ code: 'ARCHIVE_INVALID' });
});

test.each([1, 22, 100, 5000, 10_050])('refuses an archive that lacks its last %d bytes', async (lost) => {
  const good = await zip({ a: data });
  expect(await verdict(good.subarray(0, -lost))).toMatchObject({ code: 'ARCHIVE_INVALID' });
});

test('refuses an archive that lacks its beginning', async () => {
  expect(await verdict((await zip({ a: data })).subarray(100))).toMatchObject({ code: 'ARCHIVE_INVALID' });
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a web page', Buffer.from('<html>Log in</html>'.repeat(10))],
  ['zeros', Buffer.alloc(5000)],
])('refuses %s', async (_, bytes) => {
  expect(await verdict(bytes)).toMatchObject({ code: 'ARCHIVE_INVALID' });
});

test('refuses an encrypted entry, which nobody can check', async () => {
  const bytes = await zip({ a: data }, true);
  const directory = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  bytes[directory + 8] = bytes[directory + 8]! | 1;
  expect(await verdict(bytes)).toMatchObject({
    code: 'ARCHIVE_INVALID',
    message: expect.stringContaining('encrypted'),
  });
});

test('stops when the caller aborts', async () => {
  expect(await verdict(await zip({ a: data }), AbortSignal.abort())).toMatchObject({ code: 'ABORTED' });
});

test('a file that is not there is no damaged archive', async () => {
  await expect(verifyArchive(join(room.path, 'none.zip'), signal)).rejects.toMatchObject({
    code: 'OUTPUT_UNUSABLE',
  });
});

test('refuses an archive with more entries than it says', async () => {
  const bytes = await zip({ 'a.txt': Buffer.from('a'), 'b.txt': Buffer.from('b') });
  // Both counts of the record at the end.
  bytes.writeUInt16LE(1, bytes.length - 14);
  bytes.writeUInt16LE(1, bytes.length - 12);
  expect(await verdict(bytes)).toMatchObject({ code: 'ARCHIVE_INVALID' });
});

test('refuses entries that overlap, as those of an archive that unpacks without end', async () => {
  const good = await zip({ 'a.txt': randomBytes(1000) });
  const [directory, end] = [good.indexOf('PK\x01\x02', 0, 'latin1'), good.length - 22];
  const entry = good.subarray(directory, end);
  const record = Buffer.from(good.subarray(end));
  for (const at of [8, 10]) record.writeUInt16LE(20, at);
  record.writeUInt32LE(20 * entry.length, 12);
  const bytes = Buffer.concat([
    good.subarray(0, directory),
    ...Array.from({ length: 20 }, () => entry),
    record,
  ]);
  expect(await verdict(bytes)).toMatchObject({
    code: 'ARCHIVE_INVALID',
    message: expect.stringContaining('overlap'),
  });
});
