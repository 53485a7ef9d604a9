import { onAbort } from './abortable.js';

/** The passage of time, so that a test can supply its own. */
export interface Clock {
  /** Milliseconds of a monotonic clock. */
  now(): number;
  /** Resolves after `milliseconds`, or as soon as `signal` fires; never rejects, and leaves nothing behind. */
  delay(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  delay: async (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer = setTimeout(() => {
        release();
        resolve();
      }, milliseconds);
      const release = onAbort(signal, () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};
