import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';
import { buildArchive } from '../../src/sandbox/archive.js';

/** The entries that a zip reader finds, and whether the CRC of each is right. */
async function contents(zip: Buffer): Promise<{ name: string; size: number; intact: boolean }[]> {
  const file = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(zip, { lazyEntries: true }, (error, opened) => {
      if (error) reject(error);
      else resolve(opened);
    });
  });
  return new Promise((resolve, reject) => {
    const found: { name: string; size: number; intact: boolean }[] = [];
    file.on('error', reject);
    file.on('end', () => {
      resolve(found);
    });
    file.on('entry', (entry: Entry) => {
      file.openReadStream(entry, (error, stream) => {
        if (error) {
          reject(error);
          return;
        }
        let [crc, size] = [0, 0];
        stream.on('data', (chunk: Buffer) => {
          crc = crc32(chunk, crc);
          size += chunk.length;
        });
        stream.on('end', () => {
          found.push({ name: entry.fileName, size, intact: crc === entry.crc32 });
          file.readEntry();
        });
      });
    });
    file.readEntry();
  });
}

test('is a zip of about the size asked for', async () => {
  const { bytes, md5 } = await buildArchive({ seed: 'a', size: 5000 });
  expect(await contents(bytes)).toEqual([
    { name: 'sample-1.bin', size: 5000, intact: true },
    { name: 'SAMPLE.txt', size: expect.any(Number), intact: true },
  ]);
  expect(bytes.length).toBeGreaterThan(5000);
  expect(bytes.length).toBeLessThan(6000);
  expect(md5).toBe(createHash('md5').update(bytes).digest('hex'));
});

test('has the same bytes for the same seed only', async () => {
  const [one, same, other] = await Promise.all(
    ['a', 'a', 'b'].map(async (seed) => buildArchive({ seed, size: 100 })),
  );
  expect(same).toEqual(one);
  expect(other!.md5).not.toBe(one!.md5);
  // The first entry as a constant: neither the day, the time zone nor the machine may change it. (The last
  // one is deflated, and what that gives depends on the zlib.)
  const firstEntry = one!.bytes.subarray(0, 30 + 'sample-1.bin'.length + 100);
  expect(createHash('md5').update(firstEntry).digest('hex')).toBe('066d02be681b0ed7d3fcda2cb0b93563');
});

test('may be large, in several entries', async () => {
  const { bytes } = await buildArchive({ seed: 'a', size: 20_000_000 });
  const found = await contents(bytes);
  expect(found.map(({ name }) => name)).toEqual([
    'sample-1.bin',
    'sample-2.bin',
    'sample-3.bin',
    'SAMPLE.txt',
  ]);
  expect(found.slice(0, 3).reduce((sum, { size }) => sum + size, 0)).toBe(20_000_000);
  expect(found.every(({ intact }) => intact)).toBe(true);
});

test.each([0, 100])('of %d bytes can be corrupt in one of them', async (size) => {
  const good = await buildArchive({ seed: 'a', size });
  const bad = await buildArchive({ seed: 'a', size, corrupt: true });
  expect(bad.bytes.length).toBe(good.bytes.length);
  expect((await contents(bad.bytes)).map(({ intact }) => intact)).toEqual([false, true]);
  expect(bad.md5).toBe(createHash('md5').update(bad.bytes).digest('hex'));
});

test('is not finished when nobody wants it any more', async () => {
  const signal = AbortSignal.abort();
  await expect(buildArchive({ seed: 'a', size: 1, signal })).rejects.toMatchObject({ name: 'AbortError' });
});
