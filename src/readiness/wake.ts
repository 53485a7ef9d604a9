import { onAbort } from './abortable.js';
import type { Clock } from './clock.js';

/** A sleep that the announcement of the delivery cuts short, once, even when it came while nobody slept. */
export class Wake {
  #nap = new AbortController();

  now(): void {
    this.#nap.abort();
  }

  async sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
    const release = onAbort(signal, this.now.bind(this));
    await clock.delay(milliseconds, this.#nap.signal);
    release();
    this.#nap = new AbortController();
  }
}
