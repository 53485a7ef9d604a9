import type { createHash, Hash } from 'node:crypto';
import type { readSync } from 'node:fs';
import type { crc32 } from 'node:zlib';

/** Something to digest. `next` says that these bytes are the next of the file, so that the digests of the whole go on with them. */
export type DigestTask =
  /** Bytes in memory; what is asked is the CRC-32 of those from `from` on, continuing `crc`. */
  | { kind: 'memory'; bytes: Uint8Array; from: number; crc: number; next: boolean }
  /** Bytes of the file; what is asked is whether they have this CRC-32: only then do the digests go on with them. */
  | { kind: 'file'; position: number; length: number; crc: number; next: boolean }
  /** Back to the beginning of the file. */
  | { kind: 'restart' };

export interface Digests {
  /** Hex. */
  sha256: string;
  /** Hex. */
  md5: string | null;
}

/** What computes digests, one task after the other in the order in which they are given. */
export interface Digester {
  /** @returns a CRC-32, or for a file 1 where the CRC-32 holds and 0 where it does not */
  run(task: DigestTask): Promise<number>;
  digests(): Promise<Digests>;
  close(): Promise<void>;
}

export interface DigestModules {
  crypto: { createHash: typeof createHash };
  fs: { readSync: typeof readSync };
  zlib: { crc32: typeof crc32 };
}

export interface DigestCore {
  run(task: DigestTask): number;
  digests(): Digests;
}

/**
 * The computing itself. It refers to nothing but its parameters, because a worker gets it as text.
 *
 * @param descriptor of the file, for reading
 * @param withMd5 MD5 is slower than everything else together, so it is computed only where it can prove something
 */
export function digestCore(
  { crypto, fs, zlib }: DigestModules,
  descriptor: number,
  withMd5: boolean,
): DigestCore {
  const start = (): { sha256: Hash; md5: Hash | null } => ({
    sha256: crypto.createHash('sha256'),
    md5: withMd5 ? crypto.createHash('md5') : null,
  });
  let whole = start();
  let buffer = new Uint8Array(0);
  const add = (bytes: Uint8Array): void => {
    whole.sha256.update(bytes);
    whole.md5?.update(bytes);
  };
  const read = (position: number, length: number): Uint8Array => {
    if (buffer.byteLength < length) buffer = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const count = fs.readSync(descriptor, buffer, filled, length - filled, position + filled);
      if (count === 0) break;
      filled += count;
    }
    return buffer.subarray(0, filled);
  };
  return {
    run(task) {
      if (task.kind === 'restart') {
        whole = start();
        return 0;
      }
      if (task.kind === 'memory') {
        if (task.next) add(task.bytes);
        return zlib.crc32(task.bytes.subarray(task.from), task.crc);
      }
      const bytes = read(task.position, task.length);
      if (bytes.byteLength < task.length || zlib.crc32(bytes) !== task.crc) return 0;
      if (task.next) add(bytes);
      return 1;
    },
    digests: () => ({ sha256: whole.sha256.digest('hex'), md5: whole.md5?.digest('hex') ?? null }),
  };
}
