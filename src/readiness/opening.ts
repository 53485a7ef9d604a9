import { onAbort } from './abortable.js';
import type { Verdict } from './classify.js';
import type { Clock } from './clock.js';

/** One range of the file, opened: a body to read, or what came instead. */
export interface OpenedRange {
  verdict: Verdict;
  /** A short name for what was seen, such as `206` or `503 SlowDown`. */
  label: string;
  /** Whether the answer itself bore the strong ETag of this object. */
  sameEtag: boolean;
  /** Unread, and only worth reading where the verdict is `ready`. Abort the signal to drop it with its connection. */
  body: AsyncIterable<Uint8Array>;
}

/**
 * The answer that proved the file to be there: its verdict is `ready`, `first` is 0, `last` what the server made of the
 * range that was asked for.
 */
export interface Opening extends OpenedRange {
  /** Drops the body with its connection. Idempotent; harmless when the body has been read to its end. */
  close(): void;
}

/** An opening that waits for somebody to read it. */
export interface HeldOpening {
  /** The opening, once; null from then on, and when it has been dropped. */
  take(): Opening | null;
  /** Closes the opening if nobody has taken it. Idempotent. */
  drop(): void;
}

/** A host should not be kept waiting for a reader who does not come; milliseconds. */
const patience = 1000;

/**
 * Holds `opening` until somebody takes it, but not for longer than a second, and not after `signal` has fired.
 *
 * @param onGone called once, when it is no longer held
 */
export function hold(
  opening: Opening,
  { clock, signal, onGone }: { clock: Clock; signal: AbortSignal | undefined; onGone: () => void },
): HeldOpening {
  const gone = new AbortController();
  let held: Opening | null = opening;
  const take = (): Opening | null => {
    const taken = held;
    if (taken === null) return null;
    held = null;
    release();
    gone.abort();
    onGone();
    return taken;
  };
  const drop = (): void => take()?.close();
  let release = (): void => undefined;
  release = onAbort(signal, drop);
  void clock.delay(patience, gone.signal).then(drop);
  return { take, drop };
}
