/** Request, wait for, download and verify Datasaur exports: the whole journey, or stage by stage. */
import { waitUntilReady as waitWithAnyFetch } from './readiness/index.js';
import { nodeFetch } from './transfer/index.js';

/**
 * Waits until the file behind a presigned URL is there; see `pollUntilReady` for the errors. Reads with Node's HTTP
 * client unless `fetch` is given (in a browser, import `datasaur-export/readiness`).
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
