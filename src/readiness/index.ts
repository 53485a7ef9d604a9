/**
 * Is this presigned URL ready? Range-request polling with nothing around it: no GraphQL, no file system; runs in Node
 * and in browsers.
 */
import type { PresignedUrl } from './presigned-url.js';
import type { RangeFetch } from './range-request.js';
import type { RemoteFile } from './remote-file.js';
import type { WaitOptions } from './wait-options.js';
import { pollUntilReady } from './wait-until-ready.js';

const defaultFetch: RangeFetch = async (url, init) => {
  // Loaded when it is needed: most programs bring a fetch that is better for large bodies.
  const { default: crossFetch } = await import('cross-fetch');
  return crossFetch(url, init);
};

/**
 * {@link pollUntilReady} with a default `fetch`: cross-fetch.
 *
 * @throws as {@link pollUntilReady}
 */
export async function waitUntilReady(
  fileUrl: PresignedUrl | string | URL,
  { fetch = defaultFetch, ...options }: WaitOptions & { fetch?: RangeFetch | undefined } = {},
): Promise<RemoteFile> {
  return pollUntilReady(fetch, fileUrl, options);
}

export { onAbort } from './abortable.js';
export { browserFetch } from './browser-fetch.js';
export {
  classify,
  describe,
  type Answer,
  type NoAnswer,
  type NotYetReason,
  type RangeQuestion,
  type Verdict,
} from './classify.js';
export { systemClock, type Clock } from './clock.js';
export type { DeliveryStatus, DeliveryStatusSource } from './delivery-watch.js';
export { formatDuration, parseDuration, type Duration } from './duration.js';
export { PresignedUrl } from './presigned-url.js';
export type { FetchAnswer, RangeFetch } from './range-request.js';
export type { OpenedRange, Opening } from './opening.js';
export { RemoteFile, type RemoteFileFacts } from './remote-file.js';
export { nextDelay, type Moment, type Pace } from './schedule.js';
export { isLoopback, refusalOf } from './secure-url.js';
export type { Attempt, WaitOptions } from './wait-options.js';
export { pollUntilReady } from './wait-until-ready.js';
export { DatasaurExportError, type ErrorCode } from '../errors/index.js';
