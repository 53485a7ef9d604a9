/**
 * What `datasaur-export/readiness` is in a browser: all the same, but for the default `fetch`, which is the browser's own.
 */
import { browserFetch } from './browser-fetch.js';
import type { PresignedUrl } from './presigned-url.js';
import type { RangeFetch } from './range-request.js';
import type { RemoteFile } from './remote-file.js';
import type { WaitOptions } from './wait-options.js';
import { pollUntilReady } from './wait-until-ready.js';

/**
 * {@link pollUntilReady} with a default `fetch`: {@link browserFetch}.
 *
 * @throws as {@link pollUntilReady}
 */
export async function waitUntilReady(
  fileUrl: PresignedUrl | string | URL,
  { fetch = browserFetch, ...options }: WaitOptions & { fetch?: RangeFetch | undefined } = {},
): Promise<RemoteFile> {
  return pollUntilReady(fetch, fileUrl, options);
}

export * from './index.js';
