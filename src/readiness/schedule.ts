/** When to ask again. All times in milliseconds. */
export interface Moment {
  /** Since the wait began. */
  elapsed: number;
  /** Until the deadline. */
  remaining: number;
  /** What the last answer's `Retry-After` asked for. */
  retryAfter: number | null;
  /** 0 ≤ random < 1. */
  random: number;
  /** How many answers in a row said that the server is overloaded or broken (429, 5xx). Default 0. */
  overloads?: number;
}

/** How long before the deadline the last attempt is made, so that its answer still counts. */
const lastCall = 250;

/** A server that asks to be left alone gets 0.5 s, doubling to this. */
const longestBackoff = 10_000;

/**
 * The pause before the next attempt; 0 or more, and never past the deadline. Quick at first, then growing with the
 * square root of the elapsed time: `max(0.1 s, 0.2 s · √(elapsed in s))`, shortened by up to a fifth so that many waits
 * do not march in step. Longer where the server is overloaded.
 */
export function nextDelay({ elapsed, remaining, retryAfter, random, overloads = 0 }: Moment): number {
  const backoff = overloads === 0 ? 0 : Math.min(500 * 2 ** (overloads - 1), longestBackoff);
  const interval = Math.max(100, 200 * Math.sqrt(elapsed / 1000), backoff) * (1 - 0.2 * random);
  const wanted = Math.max(interval, retryAfter ?? 0);
  if (wanted < remaining - lastCall) return wanted;
  // A last attempt just before the deadline, then none; timers fire a little early, and a sliver is no pause.
  return Math.max(0, remaining > lastCall + 10 ? remaining - lastCall : remaining);
}

/** The pause between two looks at the delivery status: it is a hint, so it is asked for far less often. */
export function nextStatusDelay(elapsed: number): number {
  return Math.max(1000, 1000 * Math.sqrt(elapsed / 1000));
}
