import type { Attempt, Duration, RangeFetch } from '../readiness/index.js';
import { waitUntilReady } from '../readiness/index.js';
import {
  Destination,
  download,
  isBegun,
  nodeFetch,
  type DownloadProgress,
  type VerifiedFile,
} from '../transfer/index.js';
import type { ApiSession } from './api-session.js';
import { getDeliveryStatus } from './delivery-status.js';
import type { ExportHandle, FileStorageHandle } from './export-handle.js';

/** What a journey is doing, as it goes on. */
export type ExportProgress =
  | { phase: 'requesting' }
  | { phase: 'requested'; handle: ExportHandle }
  | { phase: 'waiting'; attempt: Attempt }
  | ({ phase: 'downloading' } & DownloadProgress)
  | { phase: 'verified'; file: VerifiedFile };

export interface DownloadExportOptions {
  /** A directory (existing, or ending in `/`), the name of a file, or a prepared {@link Destination}. Default: here. */
  to?: string | Destination | undefined;
  /** The exact target, as {@link Destination.place} gave it. */
  path?: string | undefined;
  /** Replace an existing file once its replacement is verified. Default false. */
  overwrite?: boolean | undefined;
  /** How long to wait until the file is there. Default `15m`. The download itself is not limited by it. */
  timeout?: Duration | undefined;
  /** How the wait weighs lag against requests: see `WaitOptions.patience`. Default 1. */
  patience?: number | undefined;
  /** When the file is expected: see `WaitOptions.expected`. */
  expected?: Duration | undefined;
  /** At most so many connections for the download: see `DownloadOptions.connections`. Default 8. */
  connections?: number | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: ExportProgress) => void) | undefined;
}

/** Waits for the file of an export, also one that another process asked for, downloads and verifies it. */
export async function downloadExport(
  session: ApiSession,
  handle: FileStorageHandle,
  { fetch = nodeFetch, ...options }: DownloadExportOptions & { fetch?: RangeFetch | undefined },
): Promise<VerifiedFile> {
  const { signal, onProgress, overwrite, timeout = '15m', patience = 1, expected, connections } = options;
  return Destination.use(options.to, { overwrite }, async (to) => {
    // Known, and found to be free, before the first byte is fetched.
    const path = options.path ?? (await to.place(handle.fileUrl.fileName, handle.teamId));
    const remote = await waitUntilReady(handle.fileUrl, {
      fetch,
      // Where something of it is there already, its beginning is not what is missing.
      ...((await isBegun(path)) ? { firstRange: 1 } : {}),
      timeout,
      patience,
      expected,
      signal,
      expiresAt: handle.expiresAt === null ? undefined : new Date(handle.expiresAt),
      onAttempt: (attempt) => onProgress?.({ phase: 'waiting', attempt }),
      deliveryStatus: async (inner) => getDeliveryStatus(session, handle.exportId, inner),
    });
    const onBytes = (progress: DownloadProgress): void => onProgress?.({ phase: 'downloading', ...progress });
    const file = await download(remote, { to, path, signal, connections, onProgress: onBytes });
    onProgress?.({ phase: 'verified', file });
    return file;
  });
}
