import type { Clock } from '../readiness/index.js';

/** Drops a connection on which nothing has arrived for a while. Looks only now and then, so that bytes cost it nothing. */
export class Watchdog {
  barked = false;
  /** While the reader waits for the disk, silence is its own. */
  resting = false;
  readonly #clock: Clock;
  readonly #end = new AbortController();
  #last: number;

  /** @param limit milliseconds of silence */
  constructor(clock: Clock, limit: number, connection: AbortController) {
    this.#clock = clock;
    this.#last = clock.now();
    void this.#watch(limit, connection);
  }

  feed(): void {
    this.#last = this.#clock.now();
  }

  dismiss(): void {
    this.#end.abort();
  }

  async #watch(limit: number, connection: AbortController): Promise<void> {
    for (;;) {
      if (this.resting) this.feed();
      const left = limit - (this.#clock.now() - this.#last);
      if (left <= 0) break;
      await this.#clock.delay(left, this.#end.signal);
      if (this.#end.signal.aborted) return;
    }
    this.barked = true;
    connection.abort();
  }
}
