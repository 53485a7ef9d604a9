/** How dense the attempts are. */
export interface Pace {
  /** Multiplies the pauses: see `WaitOptions.patience`. Default 1. */
  patience?: number;
  /** When the file usually comes, in milliseconds since the beginning; null where that is not known. */
  expected?: number | null;
}

/** When to ask again. All times in milliseconds. */
export interface Moment extends Pace {
  /** Since the wait began, or since the file was announced. */
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

/** No host is asked more often than this. */
const shortestPause = 100;

/** By how much of itself a pause is shortened at most, at random. */
const jitter = 0.1;

/** A server that asks to be left alone gets 0.5 s, doubling to this. */
const longestBackoff = 10_000;

/** The pause between two looks at the delivery status never grows beyond this. */
const longestStatusPause = 60_000;

/**
 * The pause before the next attempt; 0 or more, and never past the deadline. It is {@link intervalAt}, shortened by up to a
 * tenth so that many waits do not march in step, and longer where the server is overloaded or asks for it.
 */
export function nextDelay({
  elapsed,
  remaining,
  retryAfter,
  random,
  overloads = 0,
  ...pace
}: Moment): number {
  const backoff = overloads === 0 ? 0 : Math.min(500 * 2 ** (overloads - 1), longestBackoff);
  const interval = Math.max(intervalAt(elapsed, pace), backoff) * (1 - jitter * random);
  const wanted = Math.max(interval, retryAfter ?? 0);
  if (wanted < remaining - lastCall) return wanted;
  // A last attempt just before the deadline, then none; timers fire a little early, and a sliver is no pause.
  return Math.max(0, remaining > lastCall + 10 ? remaining - lastCall : remaining);
}

/**
 * `max(0.1 s, patience · 0.2 s · √(elapsed in s))`: docs/waiting.md says why the root. With `expected`, twice that long
 * before half of the expected time, half as long until twice it, and as ever afterwards.
 */
export function intervalAt(elapsed: number, { patience = 1, expected = null }: Pace = {}): number {
  const usual = 200 * patience * Math.sqrt(elapsed / 1000);
  return Math.max(shortestPause, usual * (expected === null ? 1 : densityFactor(elapsed / expected)));
}

function densityFactor(share: number): number {
  if (share < 0.5) return 2;
  return share <= 2 ? 0.5 : 1;
}

/** The pause between two looks at the delivery status: it is a hint, so it is asked for far less often. */
export function nextStatusDelay(elapsed: number): number {
  return Math.min(Math.max(1000, 1000 * Math.sqrt(elapsed / 1000)), longestStatusPause);
}
