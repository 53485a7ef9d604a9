import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DatasaurExportError, sanitizedCause, systemCode, throwIfAborted } from '../errors/index.js';
import { diskError, onDisk } from './disk-error.js';
import { crcOfRange } from './range-crc.js';

/** Zip's number for an entry that is not packed. */
const stored = 0;
/** Bytes that are read, and unpacked, at a time. */
const pieceSize = 256 * 1024;

/**
 * Proves that a file is a complete zip archive: its central directory is there, and every entry unpacks to the size and
 * CRC-32 that the directory announces. An archive without entries is one.
 *
 * @param crcs the CRC-32 of the file's blocks, where they are known: an entry that is not packed is not read again
 * @throws ARCHIVE_INVALID, DISK_ERROR, ABORTED
 */
export async function verifyArchive(
  path: string,
  signal: AbortSignal,
  crcs: ReadonlyMap<number, number> = new Map(),
): Promise<void> {
  let archive: ZipFile | null = null;
  let file: FileHandle | null = null;
  try {
    file = await open(path, 'r');
    // Names are not decoded: they are nobody's business here, and odd ones do not make the bytes wrong.
    archive = await openPromise(path, { decodeStrings: false, autoClose: false });
    let packed = 0;
    for await (const entry of archive.eachEntry()) {
      packed += entry.compressedSize;
      // Also keeps one that unpacks the same bytes over and over from taking for ever.
      if (packed > archive.fileSize) throw invalid('its entries overlap');
      await verifyEntry(archive, entry, { file, crcs, signal });
    }
    if (await hasMore(archive, file)) throw invalid('it has more entries than it says');
  } catch (error) {
    throwIfAborted(signal);
    if (DatasaurExportError.is(error)) throw error;
    const code = systemCode(error);
    if (code !== null && /^E(IO|ACCES|PERM|NOENT|MFILE|NFILE)$/.test(code))
      throw diskError(error, `Reading ${path}`);
    throw invalid(sanitizedCause(error).message);
  } finally {
    archive?.close();
    // It was only read.
    await file?.close().catch(() => undefined);
  }
}

/** Whether a file starts as a zip archive does: with an entry, or with the end of an empty directory. */
export async function looksLikeArchive(path: string): Promise<boolean> {
  return onDisk(`Reading ${path}`, async () => {
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
      return ['504b0304', '504b0506'].includes(buffer.toString('hex'));
    } finally {
      await file.close();
    }
  });
}

/** Whether another entry follows the last that the directory is said to have. */
async function hasMore({ readEntryCursor }: ZipFile, file: FileHandle): Promise<boolean> {
  // A number, whatever its type says.
  const { buffer } = await file.read(Buffer.alloc(4), 0, 4, Number(readEntryCursor));
  return buffer.toString('hex') === '504b0102';
}

async function verifyEntry(
  archive: ZipFile,
  entry: Entry,
  { file, crcs, signal }: { file: FileHandle; crcs: ReadonlyMap<number, number>; signal: AbortSignal },
): Promise<void> {
  if (!entry.canDecodeFileData())
    throw invalid(
      'it has an entry that is encrypted or packed in an unknown way, whose CRC cannot be checked',
    );
  throwIfAborted(signal);
  const crc =
    entry.compressionMethod === stored
      ? await crcOfStored(archive, entry, file, crcs)
      : await crcOfPacked(archive, entry, file, signal);
  if (crc !== entry.crc32) throw invalid('the CRC of an entry does not hold');
}

async function crcOfStored(
  archive: ZipFile,
  entry: Entry,
  file: FileHandle,
  crcs: ReadonlyMap<number, number>,
): Promise<number> {
  if (entry.compressedSize !== entry.uncompressedSize) throw invalid('an entry has two sizes');
  const { start, end } = await placeOf(archive, entry);
  return crcOfRange(file, crcs, start, end);
}

async function crcOfPacked(
  archive: ZipFile,
  entry: Entry,
  file: FileHandle,
  signal: AbortSignal,
): Promise<number> {
  const { start, end } = await placeOf(archive, entry);
  if (start === end) throw invalid('an entry has no bytes');
  // Large pieces: with those of Node's own choice, unpacking takes three times as long.
  const packed = createReadStream('', {
    fd: file.fd,
    autoClose: false,
    start,
    end: end - 1,
    highWaterMark: pieceSize,
  });
  let crc = 0;
  let size = 0;
  const unpacked = createInflateRaw({ chunkSize: pieceSize });
  await pipeline(packed, unpacked, async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      throwIfAborted(signal);
      crc = crc32(chunk, crc);
      size += chunk.byteLength;
      if (size > entry.uncompressedSize) break;
    }
  });
  if (size !== entry.uncompressedSize)
    throw invalid('an entry has not the size that the directory announces');
  return crc;
}

/** Where the bytes of an entry are, from `start` to `end` exclusive. */
async function placeOf(archive: ZipFile, entry: Entry): Promise<{ start: number; end: number }> {
  const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
  return { start: fileDataStart, end: fileDataStart + entry.compressedSize };
}

function invalid(why: string): DatasaurExportError {
  return new DatasaurExportError(
    'ARCHIVE_INVALID',
    `The file is not a complete zip archive: ${why.replace(/\.+$/, '')}.`,
    {
      hint: 'It was damaged before it was uploaded, or something else was put in its place. Request the export again.',
    },
  );
}
