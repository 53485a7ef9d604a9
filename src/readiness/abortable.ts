import { abortedError, throwIfAborted } from '../errors/index.js';
import type { Clock } from './clock.js';

/**
 * Runs `task` with a signal of its own, and rejects with ABORTED in the very turn in which `signal` fires, whether or
 * not the task heeds it. The inner signal always fires at the end, so nothing that the task started outlives it.
 */
export async function abortable<T>(
  signal: AbortSignal | undefined,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  throwIfAborted(signal);
  const inner = new AbortController();
  let stop: (() => void) | undefined;
  try {
    return await Promise.race([
      task(inner.signal),
      new Promise<never>((_, reject) => {
        stop = () => {
          reject(abortedError());
          inner.abort();
        };
        signal?.addEventListener('abort', stop);
      }),
    ]);
  } finally {
    if (stop !== undefined) signal?.removeEventListener('abort', stop);
    inner.abort();
  }
}

/** What a task that was not done in time leaves. */
export const timedOut = Symbol('timed out');

/**
 * Runs `task` for at most `milliseconds`. Not built on `AbortSignal.any` and `AbortSignal.timeout`: those can be garbage
 * collected before they fire.
 */
export async function withTimeout<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof timedOut> {
  return abortable(signal, async (inner) =>
    Promise.race([task(inner), clock.delay(milliseconds, inner).then((): typeof timedOut => timedOut)]),
  );
}
