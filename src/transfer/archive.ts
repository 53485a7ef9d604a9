import { open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { DatasaurExportError, sanitizedCause, systemCode, throwIfAborted } from '../errors/index.js';
import { diskError } from './disk-error.js';

/**
 * Proves that a file is a complete zip archive: its central directory is there, and every entry unpacks to the size and
 * CRC-32 that the directory announces. An archive without entries is one.
 *
 * @throws ARCHIVE_INVALID
 */
export async function verifyArchive(path: string, signal: AbortSignal): Promise<void> {
  let archive: ZipFile | null = null;
  try {
    // Names are not decoded: they are nobody's business here, and odd ones do not make the bytes wrong.
    archive = await openPromise(path, { decodeStrings: false, autoClose: false });
    for await (const entry of archive.eachEntry()) await verifyEntry(archive, entry, signal);
  } catch (error) {
    throwIfAborted(signal);
    if (DatasaurExportError.is(error)) throw error;
    const code = systemCode(error);
    if (code !== null && /^E(IO|ACCES|PERM|NOENT|MFILE|NFILE)$/.test(code))
      throw diskError(error, `Reading ${path}`);
    throw invalid(sanitizedCause(error).message);
  } finally {
    archive?.close();
  }
}

/** Whether a file starts as a zip archive does: with an entry, or with the end of an empty directory. */
export async function looksLikeArchive(path: string): Promise<boolean> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return ['504b0304', '504b0506'].includes(buffer.toString('hex'));
  } finally {
    await file.close();
  }
}

async function verifyEntry(archive: ZipFile, entry: Entry, signal: AbortSignal): Promise<void> {
  if (!entry.canDecodeFileData())
    throw invalid(
      'it has an entry that is encrypted or packed in an unknown way, whose CRC cannot be checked',
    );
  let crc = 0;
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    throwIfAborted(signal);
    crc = crc32(chunk as Buffer, crc);
  }
  if (crc !== entry.crc32) throw invalid('the CRC of an entry does not hold');
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
