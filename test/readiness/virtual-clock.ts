import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../src/readiness/index.js';

interface Timer {
  at: number;
  done: () => void;
}

/** A clock that stands still until {@link settle} moves it on, from one timer to the next. */
export class VirtualClock implements Clock {
  #time = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#time;
  }

  async delay(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const timer = {
        at: this.#time + milliseconds,
        done: (): void => {
          this.#timers.delete(timer);
          signal.removeEventListener('abort', timer.done);
          resolve();
        },
      };
      this.#timers.add(timer);
      signal.addEventListener('abort', timer.done);
    });
  }

  get pending(): number {
    return this.#timers.size;
  }

  /** Moves to the next timer, if there is one, and fires it. */
  step(): void {
    const [next] = [...this.#timers].sort((a, b) => a.at - b.at);
    if (next === undefined) return;
    this.#time = Math.max(this.#time, next.at);
    next.done();
  }

  /** Lets time pass until `promise` is settled. */
  async settle<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const end = (): void => void (state.settled = true);
    promise.then(end, end);
    for (let turn = 0; turn < 10_000; turn += 1) {
      await setImmediate();
      if (state.settled) return promise;
      this.step();
    }
    throw new Error('still not settled');
  }

  /** Lets time pass until `time`. */
  async until(time: number): Promise<void> {
    await setImmediate();
    while ([...this.#timers].some(({ at }) => at <= time)) {
      this.step();
      await setImmediate();
    }
    this.#time = time;
  }
}
