import type { Clock } from './clock.js';

/** `Date` has whole seconds, and the clocks of the machines behind one host differ a little. Milliseconds. */
const allowance = 1000;

/**
 * How long a URL has left, by the clock that decides: the server's, as its last answer's `Date` told it. Before the first
 * answer, and where answers have no `Date`, the clock here has to do.
 */
export class Expiry {
  readonly #expiresAt: number;
  readonly #clock: Clock;
  /** What to add to the clock for the time of day, in ms since the epoch. */
  #offset: number;
  /** Whether the offset can be trusted to end a wait: our own clock alone may be hours off. */
  #plausible: boolean;

  /**
   * @param expiresAt ms since the epoch; null: never
   * @param today ms since the epoch, by the clock of this machine
   */
  constructor(expiresAt: number | null, clock: Clock, today: () => number) {
    this.#expiresAt = (expiresAt ?? Infinity) + allowance;
    this.#clock = clock;
    this.#offset = today() - clock.now();
    this.#plausible = this.#left() > 0;
  }

  /** Takes note of an answer. @param date the server's clock, ms since the epoch */
  answered(date: number | null): void {
    this.#plausible = true;
    if (date !== null) this.#offset = date - this.#clock.now();
  }

  /** Milliseconds until the URL has certainly expired; 0 or less from then on, Infinity where nothing is known. */
  get left(): number {
    // A URL that looks expired before anyone has answered is as likely a wrong clock here.
    return this.#plausible ? this.#left() : Infinity;
  }

  #left(): number {
    return this.#expiresAt - this.#clock.now() - this.#offset;
  }
}
