import { withTimeout } from './abortable.js';
import { systemClock } from './clock.js';
import { unreadable, type RangeFetch } from './range-request.js';

/** How long the second look may take, and for how long a host that did not answer it is not looked for again; ms. */
const patience = 3000;
const respite = 10_000;

/** When hosts that could not be reached may be looked for again, by origin. */
const unreachableUntil = new Map<string, number>();

/** Nothing of the page goes with a request, and nothing of an answer stays: the URL is the whole permission. */
const discreet = { cache: 'no-store', credentials: 'omit', referrerPolicy: 'no-referrer' } as const;

/**
 * The browser's own `fetch`. A browser hides from a page why a request failed: a host that is down and one that does not
 * allow the page to read its answers (CORS) look alike. So the host is then asked for an answer that nobody reads.
 *
 * @throws an error with the code `CORS` where the host answers, but may not be read; else the browser's own
 */
export const browserFetch: RangeFetch = async (url, init) => {
  try {
    return await fetch(url, { ...init, ...discreet });
  } catch (error) {
    if (!init.signal.aborted && (await answersUnread(url, init.signal)))
      throw Object.assign(new TypeError('The browser may not read the answer.'), { code: unreadable });
    throw error;
  }
};

/** Whether the host answers a request without the query, so without the signature, and without a body to download. */
async function answersUnread(url: string, signal: AbortSignal): Promise<boolean> {
  const { origin, pathname } = new URL(url);
  const now = systemClock.now();
  if (now < (unreachableUntil.get(origin) ?? 0)) return false;
  const type = await withTimeout(systemClock, patience, signal, async (inner) => {
    // A browser refuses to send a `no-cors` request that is not to follow redirects.
    const init = { ...discreet, method: 'HEAD', mode: 'no-cors', signal: inner } as const;
    return (await fetch(origin + pathname, init)).type;
  }).catch(() => null);
  // Of the page's own origin everything may be read, so what failed there was the network.
  const answered = type === 'opaque';
  if (answered) unreachableUntil.delete(origin);
  else if (!signal.aborted) unreachableUntil.set(origin, now + respite);
  return answered;
}
