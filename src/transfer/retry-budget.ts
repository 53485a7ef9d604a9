/** How many attempts in a row may bring nothing new before a download gives up. */
export const patience = 6;

/** The longest that a server's `Retry-After` is heeded for in the middle of a download. */
const longestRetryAfter = 60_000;

/** An attempt that brought less than so many bytes brought next to nothing. */
const little = 64 * 1024;

/**
 * Milliseconds before the next attempt: none after one that brought something, a moment after one that brought next to
 * nothing, then 0.25 s doubling to 4 s; longer where the server asks for it.
 *
 * @param gained bytes that the last attempt brought
 */
export function retryDelay(fruitless: number, retryAfter: number | null, gained = 0): number {
  const moment = gained < little ? 100 : 0;
  const backoff = fruitless === 0 ? moment : Math.min(4000, 250 * 2 ** (fruitless - 1));
  return Math.max(backoff, Math.min(retryAfter ?? 0, longestRetryAfter));
}
