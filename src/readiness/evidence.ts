import type { NotYetReason, Verdict } from './classify.js';
import { Tally } from './tally.js';

/** Why a wait ends without the file. */
export type Ending = 'deadline' | 'expired' | 'delivered-without-file' | 'forbidden' | 'unreadable';

/** How long what is not yet the file is borne, in milliseconds. */
export interface Limits {
  /** The whole wait. */
  timeout: number;
  /** Answers without the file after the server reported DELIVERED. */
  deliveredGrace: number;
  /** Bare 403s while no delivery status says that the export is under way. */
  forbiddenLimit: number;
}

/** For how long (ms) a host from which nothing was read yet may answer what a browser may not read. */
const unreadableLimit = 2000;

/** All that a wait has learnt. Times in milliseconds since it began. */
export class Evidence {
  readonly tally = new Tally();
  /** When the server reported DELIVERED. */
  deliveredAt: number | null = null;
  /** Whether an attempt that began after that has ended. */
  #lookedSince = false;
  /** When the store first answered after that, and without the file. */
  #missingSince: number | null = null;
  /** Since when the store, as far as it answers, answers with nothing but bare 403s. */
  #forbiddenSince: number | null = null;
  #last: NotYetReason | null = null;
  /** Since when a browser may read none of the answers, and whether it ever read one. */
  #unreadableSince: number | null = null;
  #everRead = false;
  /** When the delivery status was last answered, and whether the latest look was. */
  #statusAt = 0;
  #statusWorks = false;

  /** @param informed whether the attempt began after DELIVERED was known */
  attempted(verdict: Verdict, label: string, { now, informed }: { now: number; informed: boolean }): void {
    this.tally.add(label);
    const reason = verdict.state === 'not-yet' ? verdict.reason : null;
    this.#last = reason;
    if (reason !== 'unreadable') {
      this.#unreadableSince = null;
      this.#everRead ||= reason !== 'silent';
    } else this.#unreadableSince ??= now;
    if (reason === 'forbidden') this.#forbiddenSince ??= now;
    // Overload and silence say nothing of the file, neither way.
    else if (reason === 'missing' || reason === null) this.#forbiddenSince = null;
    if (!informed) return;
    this.#lookedSince = true;
    if (this.#isStoreAnswer) this.#missingSince ??= now;
  }

  /** @param status null where the look failed */
  looked(status: string | null, now: number): void {
    this.#statusWorks = status !== null;
    if (status !== null) this.#statusAt = now;
    if (status === 'DELIVERED') this.deliveredAt ??= now;
  }

  /** Whether the last answer is one too many. Only answers of the store count, and silence never. */
  endAfterAnswer(now: number, { deliveredGrace, forbiddenLimit }: Limits): Ending | null {
    if (this.#last === 'unreadable') return this.#endUnread(now, deliveredGrace);
    if (!this.#isStoreAnswer) return null;
    if (this.deliveredAt !== null) {
      const since = this.#missingSince ?? now;
      return now - since >= deliveredGrace ? 'delivered-without-file' : null;
    }
    if (this.#last !== 'forbidden' || this.#statusWorks) return null;
    const since = Math.max(this.#forbiddenSince ?? now, this.#statusAt);
    return now - since >= forbiddenLimit ? 'forbidden' : null;
  }

  /** Whether time is up. @param expiresIn milliseconds until the URL has expired */
  endByTime(now: number, { timeout }: Limits, expiresIn: number): Ending | null {
    // A timer may fire a fraction of a millisecond early.
    if (now >= timeout - 1) {
      if (this.#last === 'unreadable') return 'unreadable';
      return this.#lookedSince ? 'delivered-without-file' : 'deadline';
    }
    return expiresIn < 1 ? 'expired' : null;
  }

  get #isStoreAnswer(): boolean {
    return this.#last === 'missing' || this.#last === 'forbidden';
  }

  /**
   * A host that lets no page read anything will not let it read the file either. Not at once: a single failure may be the
   * network's after all. Where something was read before, it may be a proxy's answer that comes without permission.
   */
  #endUnread(now: number, deliveredGrace: number): Ending | null {
    const limit = this.#everRead ? (this.deliveredAt === null ? Infinity : deliveredGrace) : unreadableLimit;
    return now - (this.#unreadableSince ?? now) >= limit ? 'unreadable' : null;
  }
}
