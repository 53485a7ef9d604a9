import { randomBytes } from 'node:crypto';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { blockSize } from '../../src/transfer/blocks.js';
import { crcOfRange } from '../../src/transfer/range-crc.js';
import { scratch } from './scratch.js';

test.each([
  ['no block', 100, 5000],
  ['a block and both of its neighbours', 100, 2 * blockSize + 7],
  ['two blocks and what follows them', 0, 2 * blockSize + 1],
  ['two blocks between two halves', blockSize / 2, 3 * blockSize + blockSize / 2],
  ['nothing', 10, 10],
])('the CRC-32 of %s is that of its bytes, whatever is known of the blocks', async (_, start, end) => {
  const bytes = randomBytes(4 * blockSize);
  const room = await scratch();
  const path = join(room.path, 'a.bin');
  await writeFile(path, bytes);
  const known = (...blocks: number[]): Map<number, number> =>
    new Map(
      blocks.map((block) => [block, crc32(bytes.subarray(block * blockSize, (block + 1) * blockSize))]),
    );
  const file = await open(path);
  try {
    const expected = crc32(bytes.subarray(start, end));
    for (const crcs of [known(), known(0, 1, 2, 3), known(1), known(2, 3)])
      expect(await crcOfRange(file, crcs, start, end)).toBe(expected);
  } finally {
    await file.close();
    await room.remove();
  }
});
