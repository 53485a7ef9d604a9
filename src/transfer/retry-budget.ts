/** How many attempts in a row may bring nothing new before a download gives up. */
export const patience = 6;

/** The longest that a server's `Retry-After` is heeded for in the middle of a download. */
const longestRetryAfter = 60_000;

/**
 * Milliseconds before the next attempt: none after one that brought something, then 0.25 s doubling to 4 s; longer where
 * the server asks for it.
 */
export function retryDelay(fruitless: number, retryAfter: number | null): number {
  const backoff = fruitless === 0 ? 0 : Math.min(4000, 250 * 2 ** (fruitless - 1));
  return Math.max(backoff, Math.min(retryAfter ?? 0, longestRetryAfter));
}
