import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { blockSize } from './blocks.js';
import { combineCrc32 } from './crc32-combine.js';

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
  let crc = 0;
  for (let position = start; position < end;) {
    const block = Math.floor(position / blockSize);
    const until = Math.min(end, (block + 1) * blockSize);
    const known = until - position === blockSize ? crcs.get(block) : undefined;
    crc =
      known === undefined
        ? crc32(await read(file, position, until - position), crc)
        : combineCrc32(crc, known, blockSize);
    position = until;
  }
  return crc;
}

async function read(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
