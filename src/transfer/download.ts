import { DatasaurExportError, throwIfAborted, type ErrorCode } from '../errors/index.js';
import { systemClock, type Clock, type RemoteFile } from '../readiness/index.js';
import { looksLikeArchive, verifyArchive } from './archive.js';
import { Destination } from './destination.js';
import { startDigester } from './digester.js';
import { fetchBytes } from './fetch-bytes.js';
import { PartialFile } from './partial-file.js';
import { publish } from './publish.js';
import { lockTarget, targetBusy, type TargetLock } from './target-lock.js';

export interface DownloadOptions {
  /** A directory (existing, or ending in `/`), a file, or a prepared {@link Destination}. Default: the current directory. */
  to?: string | Destination | undefined;
  /** The exact path of the target, as {@link Destination.place} gave it. Overrides `to`. */
  path?: string | undefined;
  /** Replace an existing file once its replacement is verified. Default false; a prepared destination has its own. */
  overwrite?: boolean | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /** Milliseconds without a byte after which a connection is dropped and the download continued. Default 10 000. */
  stallTimeout?: number | undefined;
  /** At most so many connections at once, 1 to 64, of which only those are used that bring something. Default 8. */
  connections?: number | undefined;
  /** For tests. */
  clock?: Clock | undefined;
}

export interface DownloadProgress {
  /** How much of the file has come, including what an earlier process left. */
  bytes: number;
  size: number;
}

/** A file that is there, whole and checked. */
export interface VerifiedFile {
  /** Absolute. */
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
  /** Without quotes; null where the server sent none. */
  etag: string | null;
  /**
   * What was proved, and no more: `length` (as announced), `etag` (every answer bore the one that readiness saw), and for
   * a zip `zip-crc` (complete directory, the CRC of every entry), and `md5` where the ETag is the MD5 of the bytes, as S3's
   * is for an object put in one piece without KMS. Joined by ` + `.
   */
  verified: string;
}

/** After these the bytes are worth nothing; after others they are kept for the next run. */
const worthless = new Set<ErrorCode>(['OBJECT_CHANGED', 'LENGTH_MISMATCH', 'ARCHIVE_INVALID', 'FILE_EXISTS']);

/**
 * Downloads `remote` beside its target, verifies it, and only then gives it its name. Memory use does not depend on the
 * size. An existing target is never touched before its replacement is verified.
 *
 * @throws INVALID_ARGUMENT, FILE_EXISTS, OUTPUT_UNUSABLE, TARGET_BUSY, DISK_FULL, DISK_ERROR, DOWNLOAD_INTERRUPTED,
 *   OBJECT_CHANGED, LENGTH_MISMATCH, ARCHIVE_INVALID, URL_EXPIRED, URL_REJECTED, FILE_REDIRECTED, FILE_HOST_UNTRUSTED,
 *   RANGE_IGNORED, INVALID_RANGE_RESPONSE, ABORTED
 */
export async function download(remote: RemoteFile, options: DownloadOptions = {}): Promise<VerifiedFile> {
  const { to, path, overwrite } = options;
  try {
    throwIfAborted(options.signal);
    refuseUnusable(options);
    const own = to instanceof Destination;
    return await Destination.use(own ? to : (path ?? to), { overwrite }, async (destination) => {
      const target = own && path !== undefined ? path : await destination.place(remote.url.fileName);
      const lock = await lockTarget(target, options.signal);
      try {
        return await downloadLocked(remote, { target, lock, overwrite: destination.overwrite }, options);
      } finally {
        await lock.release();
      }
    });
  } finally {
    remote.close();
  }
}

/** Where a download goes, while nobody else writes there. */
interface LockedTarget {
  target: string;
  lock: TargetLock;
  overwrite: boolean;
}

async function downloadLocked(
  remote: RemoteFile,
  locked: LockedTarget,
  options: DownloadOptions,
): Promise<VerifiedFile> {
  const { target, lock, overwrite } = locked;
  const partial = await PartialFile.open(target, { size: remote.size, validator: remote.validator });
  const onBytes = (bytes: number): void => options.onProgress?.({ bytes, size: remote.size });
  try {
    const file = await fetchAndVerify(remote, target, partial, { ...options, onBytes });
    if (!(await lock.isHeld())) throw targetBusy(target);
    await partial.close();
    await publish(partial.path, target, overwrite);
    await partial.discard();
    return file;
  } catch (error) {
    if (!(await lock.isHeld())) {
      // What lies beside the target is another's now, and what went wrong may well be that.
      await partial.close();
      throw DatasaurExportError.is(error, 'ABORTED') ? error : targetBusy(target);
    }
    if (partial.kept.size > 0 && DatasaurExportError.is(error, 'ARCHIVE_INVALID')) {
      // What an earlier process left may have been damaged on this disk; the second try has nothing of it.
      await partial.discard();
      return await downloadLocked(remote, locked, options);
    }
    if (DatasaurExportError.is(error) && worthless.has(error.code)) await partial.discard();
    else await partial.suspend();
    throw error;
  }
}

async function fetchAndVerify(
  remote: RemoteFile,
  target: string,
  partial: PartialFile,
  {
    signal = new AbortController().signal,
    clock = systemClock,
    stallTimeout = 10_000,
    connections = 8,
    onBytes,
  }: DownloadOptions & { onBytes: (total: number) => void },
): Promise<VerifiedFile> {
  const { size } = remote;
  const etag = remote.etag?.replaceAll('"', '') ?? null;
  const withMd5 = remote.strongEtag !== null && /^[0-9a-f]{32}$/i.test(etag ?? '');
  const limits = { signal, clock, stallTimeout, connections, onBytes };
  const digester = startDigester(partial.descriptor, { bytes: size, withMd5 });
  // Its thread has ended before the archive is unpacked: memory is not needed for both.
  const fetched = await fetchBytes(remote, partial, digester, limits).finally(async () => digester.close());
  await partial.sync();
  const proofs = ['length'];
  if (fetched.sameEtag && remote.strongEtag !== null) proofs.push('etag');
  if (await isArchive(remote, target, partial.path)) {
    await verifyArchive(partial.path, signal, fetched.crcs);
    proofs.push('zip-crc');
  }
  // An ETag that looks like an MD5 and is none (KMS, other stores) proves nothing, either way.
  if (fetched.md5 !== null && fetched.md5 === etag?.toLowerCase()) proofs.push('md5');
  throwIfAborted(signal);
  return { path: target, bytes: size, sha256: fetched.sha256, etag, verified: proofs.join(' + ') };
}

function refuseUnusable({ connections = 1, stallTimeout = 1, to }: DownloadOptions): void {
  const invalid = (message: string): DatasaurExportError =>
    new DatasaurExportError('INVALID_ARGUMENT', message);
  if (!Number.isInteger(connections) || connections < 1 || connections > 64)
    throw invalid(`connections is ${String(connections)}, not a whole number from 1 to 64.`);
  if (!(stallTimeout > 0))
    throw invalid(`stallTimeout is ${String(stallTimeout)}, not a positive number of milliseconds.`);
  if (to !== undefined && typeof to !== 'string' && !(to instanceof Destination))
    throw invalid('to is neither a path nor a prepared destination.');
}

/** By its name, or where the server gave it none, by its first bytes. */
async function isArchive(remote: RemoteFile, target: string, path: string): Promise<boolean> {
  return (
    [remote.url.fileName, target].some((name) => name.toLowerCase().endsWith('.zip')) ||
    looksLikeArchive(path)
  );
}
