import { classify, describe, type Verdict } from './classify.js';
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

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // Yields nothing.
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

  constructor(facts: RemoteFileFacts, fetch: RangeFetch) {
    this.url = facts.url;
    this.size = facts.size;
    this.etag = facts.etag;
    this.lastModified = facts.lastModified;
    this.#fetch = fetch;
  }

  /** The ETag where it identifies the bytes: a weak one (`W/"…"`) only identifies their meaning (RFC 9110 §8.8.1). */
  get strongEtag(): string | null {
    return this.etag !== null && /^"[^"]*"$/.test(this.etag) ? this.etag : null;
  }

  /**
   * What identifies the bytes of this object: its strong ETag or, where it has none, when it was last modified (together
   * with its size); null where nothing does.
   */
  get validator(): string | null {
    return this.strongEtag ?? this.lastModified;
  }

  /**
   * Opens bytes `start` to `end` inclusive of this very object (`If-Match` where it has a strong ETag), and classifies
   * the answer. Never rejects: silence and resets are verdicts too.
   */
  async open(start: number, end: number, signal: AbortSignal): Promise<OpenedRange> {
    const ifMatch = this.strongEtag ?? undefined;
    const reply = await requestRange(this.#fetch, this.url, { start, end }, { ifMatch, signal });
    const question = {
      start,
      end,
      size: this.size,
      etag: this.etag,
      lastModified: this.strongEtag === null ? this.lastModified : null,
      expiresAt: this.url.expiresAt?.getTime(),
    };
    const verdict = classify(question, reply.seen);
    const sameEtag = ifMatch !== undefined && 'etag' in reply.seen && reply.seen.etag === ifMatch;
    return { verdict, label: describe(reply.seen), sameEtag, body: reply.body ?? nothing() };
  }
}
