import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { blockSize } from './blocks.js';
import { combineCrc32 } from './crc32-combine.js';

/** What has to be read is read in pieces of so many bytes. */
const pieceSize = 64 * 1024;

/**
 * The CRC-32 of bytes `start` to `end` exclusive of a file, of whose blocks the CRC-32 is known: only what does not fill a
 * block is read.
 *
 * @param crcs by block; one that is missing is read
 */
export async function crcOfRange(
  file: FileHandle,
  crcs: ReadonlyMap<number, number>,
  start: number,
  end: number,
): Promise<number> {
  const buffer = new Uint8Array(pieceSize);
  let crc = 0;
  for (let position = start; position < end;) {
    const block = Math.floor(position / blockSize);
    const known = position % blockSize === 0 && end - position >= blockSize ? crcs.get(block) : undefined;
    if (known !== undefined) {
      crc = combineCrc32(crc, known, blockSize);
      position += blockSize;
      continue;
    }
    // Never beyond the block: the next one may be known.
    const wanted = Math.min(pieceSize, end - position, (block + 1) * blockSize - position);
    const { bytesRead } = await file.read(buffer, 0, wanted, position);
    if (bytesRead === 0) break;
    crc = crc32(buffer.subarray(0, bytesRead), crc);
    position += bytesRead;
  }
  return crc;
}
