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
 * Reads a journal piece by piece: what it says is kept of the object `wanted`. The process may have died while it wrote a
 * line, so what is not a whole line is not heeded.
 */
export class JournalReader {
  /** By block; of each block the last word. */
  readonly kept = new Map<number, Kept>();
  readonly #wanted: Identity;
  readonly #head: string;
  #isOurs: boolean | null = null;
  #rest = '';

  constructor(wanted: Identity) {
    this.#wanted = wanted;
    this.#head = encodeIdentity(wanted);
  }

  /** @returns whether it may be, or is, a journal of this object: otherwise there is no need to read on */
  read(piece: string): boolean {
    const lines = (this.#rest + piece).split('\n');
    // What is longer than any line of ours never becomes one.
    this.#rest = (lines.pop() ?? '').slice(0, this.#head.length);
    for (const line of lines) {
      if (this.#isOurs === null) this.#isOurs = `${line}\n` === this.#head;
      else if (this.#isOurs) this.#heed(line);
    }
    return this.#isOurs ?? this.#head.startsWith(this.#rest);
  }

  /** Whether its first line names the object, and this version. */
  get isOurs(): boolean {
    return this.#isOurs === true;
  }

  #heed(line: string): void {
    const [, ...numbers] = /^\[(\d{1,10}),(\d{1,10}),(\d{1,10})\]$/.exec(line) ?? [];
    const [block = -1, bytes = 0, crc = 0] = numbers.map(Number);
    const room = Math.min(blockSize, this.#wanted.size - block * blockSize);
    if (block >= 0 && bytes > 0 && bytes <= room) this.kept.set(block, { block, bytes, crc });
  }
}
