/** Request, wait for, download and verify Datasaur exports: the whole journey, or stage by stage. */
import { waitUntilReady as waitWithAnyFetch } from './readiness/index.js';
import { nodeFetch } from './transfer/index.js';

/**
 * Waits until the file behind a presigned URL is there. Reads with Node's HTTP client unless `fetch` is given (in a
 * browser, import `datasaur-export/readiness`).
 *
 * @throws NOT_READY at the deadline, with what was seen; EXPORT_FAILED; DELIVERED_WITHOUT_FILE; URL_EXPIRED;
 *   URL_REJECTED; FILE_REDIRECTED; FILE_HOST_UNTRUSTED; RANGE_IGNORED; INVALID_RANGE_RESPONSE; FILE_URL_REFUSED;
 *   INVALID_ARGUMENT; ABORTED
 */
export const waitUntilReady: typeof waitWithAnyFetch = async (fileUrl, options) =>
  waitWithAnyFetch(fileUrl, { ...options, fetch: options?.fetch ?? nodeFetch });

export * from './export/index.js';
export { Destination, download, type DestinationOptions } from './transfer/index.js';
export type { DownloadOptions, DownloadProgress, VerifiedFile } from './transfer/index.js';
export { formatDuration, parseDuration, PresignedUrl, RemoteFile } from './readiness/index.js';
export type {
  Attempt,
  DeliveryStatus,
  DeliveryStatusSource,
  Duration,
  OpenedRange,
  Opening,
  WaitOptions,
} from './readiness/index.js';
export type { Credentials, OAuthClient, QueryingClient } from './client/index.js';
export { DatasaurExportError, errorCodes, typedError, type ErrorCode } from './errors/index.js';
export * from '../generated/documents.js';
