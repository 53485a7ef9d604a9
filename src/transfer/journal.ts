import { blockSize } from './blocks.js';

/** Which object the bytes of a partial file belong to. Holds no secret: no URL, no token. */
export interface Identity {
  /** Bytes of the whole object. */
  size: number;
  /** What identifies the object's bytes: see `RemoteFile.validator`. */
  validator: string;
}

/** The first `bytes` bytes of a block are on the disk. */
export interface Kept {
  block: number;
  bytes: number;
  /** Their CRC-32 (as in zip), so that a later process can tell whether they still are what came. */
  crc: number;
}

const format = 'datasaur-export partial download, version 2';

/** A journal is its first line, which names the object, and a line for each time that something of a block was written. */
export function encodeIdentity({ size, validator }: Identity): string {
  return `${JSON.stringify({ format, blockSize, size, validator })}\n`;
}

export function encodeKept({ block, bytes, crc }: Kept): string {
  return `${JSON.stringify([block, bytes, crc])}\n`;
}

/**
 * What a journal says is kept of the object `wanted`, by block; null for a journal of another object, another version or
 * something else. The process may have died while it wrote a line, so what is not a whole line is not heeded.
 */
export function decodeJournal(text: string, wanted: Identity): Map<number, Kept> | null {
  const [head = '', ...lines] = text.split('\n').slice(0, -1);
  if (`${head}\n` !== encodeIdentity(wanted)) return null;
  const kept = new Map<number, Kept>();
  for (const line of lines) {
    const found = decodeKept(line, wanted.size);
    if (found !== null) kept.set(found.block, found);
  }
  return kept;
}

function decodeKept(line: string, size: number): Kept | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (
    !Array.isArray(value) ||
    !value.every((part): part is number => Number.isSafeInteger(part) && part >= 0)
  )
    return null;
  const [block = -1, bytes = 0, crc = -1] = value;
  const room = Math.min(blockSize, size - block * blockSize);
  return block >= 0 && bytes > 0 && bytes <= room && crc >= 0 ? { block, bytes, crc } : null;
}
