import { onAbort } from './abortable.js';
import { classify, describe } from './classify.js';
import { systemClock, type Clock } from './clock.js';
import type { HeldOpening, OpenedRange, Opening } from './opening.js';
import type { PresignedUrl } from './presigned-url.js';
import { requestRange, type RangeFetch } from './range-request.js';

/** What the answer that proved the file to be there said of it. */
export interface RemoteFileFacts {
  url: PresignedUrl;
  /** Bytes. */
  size: number;
  /** As the server sent it, with quotes; null where it sent none. */
  etag: string | null;
  /** As the server sent it (an HTTP-date); null where it sent none. */
  lastModified: string | null;
}

/**
 * A file that is there: its identity, and the way to read it. Made by `waitUntilReady`; prints without the signature.
 */
export class RemoteFile implements RemoteFileFacts {
  readonly url: PresignedUrl;
  readonly size: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly #fetch: RangeFetch;
  readonly #held: HeldOpening | null;
  readonly #clock: Clock;

  constructor(
    facts: RemoteFileFacts,
    fetch: RangeFetch,
    { held = null, clock = systemClock }: { held?: HeldOpening | null; clock?: Clock } = {},
  ) {
    this.url = facts.url;
    this.size = facts.size;
    this.etag = facts.etag;
    this.lastModified = facts.lastModified;
    this.#fetch = fetch;
    this.#held = held;
    this.#clock = clock;
  }

  /** The ETag where it identifies the bytes: a weak one (`W/"…"`) only identifies their meaning (RFC 9110 §8.8.1). */
  get strongEtag(): string | null {
    return strongEtagOf(this.etag);
  }

  /**
   * What identifies the bytes of this object: its strong ETag or, where it has none, when it was last modified (together
   * with its size); null where nothing does.
   */
  get validator(): string | null {
    return this.strongEtag ?? this.lastModified;
  }

  /**
   * The answer that proved the file to be there, still open at byte 0: a small file whole, of a large one the beginning.
   * Null once taken, a second after it came, and for an object of no bytes. Whoever takes it reads it to its end or
   * closes it.
   */
  takeOpening(): Opening | null {
    return this.#held?.take() ?? null;
  }

  /** Drops the opening, with its connection, if nobody has taken it. Idempotent. */
  close(): void {
    this.#held?.drop();
  }

  /**
   * Opens bytes `start` to `end` inclusive of this very object (`If-Match` where it has a strong ETag), and classifies
   * the answer. Never rejects: silence and resets are verdicts too.
   *
   * @param signal one for each call: it is listened to for as long as the body may be read
   */
  async open(start: number, end: number, signal: AbortSignal): Promise<OpenedRange> {
    const ifMatch = this.strongEtag ?? undefined;
    const connection = new AbortController();
    const release = onAbort(signal, connection.abort.bind(connection));
    const request = { range: { start, end }, ifMatch, signal: connection.signal, clock: this.#clock };
    const { seen, body } = await requestRange(this.#fetch, this.url, request);
    const question = {
      start,
      end,
      size: this.size,
      etag: this.etag,
      lastModified: this.strongEtag === null ? this.lastModified : null,
      expiresAt: this.url.expiresAt?.getTime(),
    };
    const verdict = classify(question, seen);
    if (verdict.state !== 'ready') {
      release();
      connection.abort();
    }
    const sameEtag = ifMatch !== undefined && 'etag' in seen && seen.etag === ifMatch;
    return { verdict, label: describe(seen), sameEtag, body };
  }
}

export function strongEtagOf(etag: string | null): string | null {
  return etag !== null && /^"[^"]*"$/.test(etag) ? etag : null;
}
