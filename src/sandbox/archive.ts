import { createCipheriv, createHash, type Cipher } from 'node:crypto';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ZipFile } from 'yazl';

/** The file that an export delivers. */
export interface Archive {
  readonly bytes: Buffer;
  /** Hex MD5 of the bytes. */
  readonly md5: string;
}

export interface ArchiveRequest {
  /** The same seed and size give the same bytes. */
  readonly seed: string;
  /** Approximate size in bytes. */
  readonly size: number;
  /** Change one byte of the first entry after its CRC was taken. */
  readonly corrupt?: boolean;
  /** Stops the work on an archive that nobody waits for any more. */
  readonly signal?: AbortSignal;
}

/** Work is done in pieces of this size, so that other requests are answered meanwhile. */
const PART = 8 * 1024 * 1024;
const OVERHEAD = 64 * 1024;
const LOCAL_HEADER = 30;

/** Local time, like a zip's own timestamps, so that the bytes are the same in every time zone. */
const MODIFIED = { mtime: new Date(2022, 0, 25, 6, 9, 22), forceDosTimestamp: true, mode: 0o100644 };

/**
 * A zip of sample data. The vendor does not document what is inside a Team Overview, so the entries are
 * opaque on purpose: nothing may be learned from their names or their content.
 */
export async function buildArchive({
  seed,
  size,
  corrupt = false,
  signal,
}: ArchiveRequest): Promise<Archive> {
  const zip = new ZipFile();
  const payload = Math.max(1, size);
  const [bytes] = await Promise.all([
    collect(zip, payload + OVERHEAD),
    fill(zip, keyStream(seed), payload, signal),
  ]);
  if (corrupt) flipByte(bytes, LOCAL_HEADER + partName(0).length);
  return { bytes, md5: await md5Of(bytes) };
}

/** The file of an export that produced nothing. */
export const EMPTY_ARCHIVE: Archive = {
  bytes: Buffer.alloc(0),
  md5: createHash('md5').digest('hex'),
};

const NOTICE = `Sample data from a local sandbox.

The vendor does not document what a Team Overview contains; this archive does not try to look like one.
`;

function partName(index: number): string {
  return `sample-${index + 1}.bin`;
}

/** As incompressible as encrypted data, and made at memory speed. */
function keyStream(seed: string): Cipher {
  return createCipheriv('aes-256-ctr', createHash('sha256').update(seed).digest(), Buffer.alloc(16));
}

async function fill(zip: ZipFile, stream: Cipher, payload: number, signal?: AbortSignal): Promise<void> {
  const zeros = Buffer.alloc(Math.min(PART, payload));
  for (let at = 0; at < payload; at += PART) {
    const part = stream.update(zeros.subarray(0, payload - at));
    zip.addBuffer(part, partName(at / PART), { ...MODIFIED, compress: false });
    await nextTurn(undefined, { signal });
  }
  zip.addBuffer(Buffer.from(NOTICE), 'SAMPLE.txt', MODIFIED);
  zip.end();
}

/** One buffer, allocated once: chunks and their concatenation would take twice the memory. */
async function collect(zip: ZipFile, capacity: number): Promise<Buffer> {
  const target = Buffer.allocUnsafeSlow(capacity);
  let length = 0;
  // Events, since an iterator would join what is buffered before giving it out.
  zip.outputStream.on('data', (chunk: Buffer) => (length += chunk.copy(target, length)));
  await once(zip.outputStream, 'end');
  return target.subarray(0, length);
}

async function md5Of(bytes: Buffer): Promise<string> {
  const hash = createHash('md5');
  for (let at = 0; at < bytes.length; at += PART) {
    hash.update(bytes.subarray(at, at + PART));
    await nextTurn();
  }
  return hash.digest('hex');
}

function flipByte(bytes: Buffer, at: number): void {
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0xff, at);
}
