import { abortedError, throwIfAborted } from '../errors/index.js';
import type { Clock } from './clock.js';

interface Fan {
  readonly callbacks: Set<{ call: () => void }>;
  readonly fire: () => void;
}

const fans = new WeakMap<AbortSignal, Fan>();

/**
 * Calls `callback` when `signal` fires, at once if it has fired already, and never twice. However many ask, a signal gets
 * one listener: Node warns of a leak from the eleventh on, and a thousand waits may well share one signal.
 *
 * @returns to be called when the callback is no longer wanted; harmless at any time
 */
export function onAbort(signal: AbortSignal | undefined, callback: () => void): () => void {
  if (signal === undefined) return () => undefined;
  if (signal.aborted) {
    callback();
    return () => undefined;
  }
  const { callbacks, fire } = fans.get(signal) ?? fanOf(signal);
  const entry = { call: callback };
  callbacks.add(entry);
  return () => {
    if (!callbacks.delete(entry) || callbacks.size > 0) return;
    signal.removeEventListener('abort', fire);
    fans.delete(signal);
  };
}

function fanOf(signal: AbortSignal): Fan {
  const callbacks: Fan['callbacks'] = new Set();
  const fire = (): void => {
    fans.delete(signal);
    for (const entry of [...callbacks]) if (callbacks.delete(entry)) callAlone(entry.call);
  };
  signal.addEventListener('abort', fire, { once: true });
  const fan = { callbacks, fire };
  fans.set(signal, fan);
  return fan;
}

/** As `EventTarget` does: an error of one listener is nothing to the others. */
function callAlone(callback: () => void): void {
  try {
    callback();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

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
  let release = (): void => undefined;
  try {
    return await Promise.race([
      task(inner.signal),
      new Promise<never>((_, reject) => {
        release = onAbort(signal, () => {
          reject(abortedError());
          inner.abort();
        });
      }),
    ]);
  } finally {
    release();
    inner.abort();
  }
}

/** What a task that was not done in time leaves. */
export const timedOut = Symbol('timed out');

/**
 * What becomes of `promise` within `milliseconds`, and before `signal` fires; else {@link timedOut}. Not built on
 * `AbortSignal.any` and `AbortSignal.timeout`: those can be garbage collected before they fire.
 */
export async function within<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  promise: Promise<T>,
): Promise<T | typeof timedOut> {
  const timer = new AbortController();
  const release = onAbort(signal, timer.abort.bind(timer));
  try {
    return await Promise.race([
      promise,
      clock.delay(milliseconds, timer.signal).then((): typeof timedOut => timedOut),
    ]);
  } finally {
    release();
    timer.abort();
  }
}

/** Runs `task` for at most `milliseconds`; its signal fires then, and when `signal` does. @throws ABORTED */
export async function withTimeout<T>(
  clock: Clock,
  milliseconds: number,
  signal: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T | typeof timedOut> {
  return abortable(signal, async (inner) => within(clock, milliseconds, inner, task(inner)));
}
