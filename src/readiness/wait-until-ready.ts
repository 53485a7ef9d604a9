import { DatasaurExportError, throwIfAborted } from '../errors/index.js';
import { abortable, timedOut, within } from './abortable.js';
import { lineUp } from './attempt-slots.js';
import type { Verdict } from './classify.js';
import { type Clock, systemClock } from './clock.js';
import { watchDelivery } from './delivery-watch.js';
import { errorOf } from './endings.js';
import { Evidence, type Ending } from './evidence.js';
import { Expiry } from './expiry.js';
import { hold, type HeldOpening } from './opening.js';
import { PresignedUrl } from './presigned-url.js';
import { probe, type Probe } from './probe.js';
import type { RangeFetch } from './range-request.js';
import { RemoteFile } from './remote-file.js';
import { nextDelay } from './schedule.js';
import { planOf, type WaitOptions, type WaitPlan } from './wait-options.js';
import { Wake } from './wake.js';

/**
 * Polls a presigned URL with range requests until the file is there, which only a 206 (or S3's 416 for an object of no
 * bytes) proves. The answer that proves it is the beginning of the download: {@link RemoteFile.takeOpening}. At most 64
 * attempts, and openings that nobody has taken, are under way for one origin at a time. Source: the vendor's page on
 * Export Team Overview; Amazon S3 API reference for the error answers.
 *
 * @param fetch how to send the requests; never given credentials, never follows a redirect
 * @throws NOT_READY at the deadline, with what was seen; EXPORT_FAILED; DELIVERED_WITHOUT_FILE; URL_EXPIRED;
 *   URL_REJECTED; FILE_REDIRECTED; FILE_HOST_UNTRUSTED; CORS_BLOCKED; RANGE_IGNORED; INVALID_RANGE_RESPONSE; FILE_URL_REFUSED;
 *   INVALID_ARGUMENT; ABORTED
 */
export async function pollUntilReady(
  fetch: RangeFetch,
  fileUrl: PresignedUrl | string | URL,
  options: WaitOptions = {},
): Promise<RemoteFile> {
  const url = PresignedUrl.from(fileUrl, { allowInsecureHttp: options.allowInsecureHttp ?? false });
  const wait = new Wait(fetch, url, options);
  try {
    return await abortable(options.signal, wait.run.bind(wait));
  } catch (error) {
    // What came at the very moment of an abort, or of FAILED, is nobody's.
    wait.file?.close();
    throw error;
  }
}

class Wait {
  file: RemoteFile | null = null;
  readonly #fetch: RangeFetch;
  readonly #url: PresignedUrl;
  readonly #options: WaitOptions;
  readonly #plan: WaitPlan;
  readonly #clock: Clock;
  readonly #start: number;
  readonly #expiresAt: number | null;
  readonly #expiry: Expiry;
  readonly #evidence = new Evidence();
  readonly #wake = new Wake();
  #overloads = 0;

  constructor(fetch: RangeFetch, url: PresignedUrl, options: WaitOptions) {
    const { clock = systemClock, today = Date.now, expiresAt } = options;
    this.#fetch = fetch;
    this.#url = url;
    this.#options = options;
    this.#plan = planOf(options);
    this.#clock = clock;
    this.#start = clock.now();
    const expiry = (url.expiresAt ?? expiresAt)?.getTime() ?? NaN;
    this.#expiresAt = Number.isNaN(expiry) ? null : expiry;
    this.#expiry = new Expiry(this.#expiresAt, clock, today);
  }

  async run(signal: AbortSignal): Promise<RemoteFile> {
    let missed = (): void => undefined;
    const firstMiss = new Promise<void>((resolve) => (missed = resolve));
    const polling = this.#poll(signal, missed);
    const { deliveryStatus } = this.#options;
    if (deliveryStatus === undefined) return polling;
    const watching = watchDelivery(deliveryStatus, {
      clock: this.#clock,
      signal,
      firstMiss,
      onLook: (status) => {
        this.#evidence.looked(status, this.#elapsed);
        if (status === 'DELIVERED') this.#wake.now();
      },
    });
    // A delivery that is announced only wakes the polling: the file alone proves that it is there.
    return Promise.race([polling, watching.then(async () => polling)]);
  }

  get #elapsed(): number {
    return this.#clock.now() - this.#start;
  }

  /** Milliseconds until the wait ends, one way or another. */
  get #left(): number {
    return Math.min(this.#plan.limits.timeout - this.#elapsed, this.#expiry.left);
  }

  async #poll(signal: AbortSignal, missed: () => void): Promise<RemoteFile> {
    const { limits } = this.#plan;
    for (;;) {
      const verdict = await this.#attempt(signal);
      if (this.file !== null) return this.file;
      missed();
      if (verdict !== null) this.#endIf(this.#evidence.endAfterAnswer(this.#elapsed, limits));
      this.#endIf(this.#evidence.endByTime(this.#elapsed, limits, this.#expiry.left));
      await this.#wake.sleep(this.#clock, this.#pause(verdict), signal);
      throwIfAborted(signal);
      this.#endIf(this.#evidence.endByTime(this.#elapsed, limits, this.#expiry.left));
    }
  }

  /** @returns null where its turn did not come in time. @throws the error of an answer that is final */
  async #attempt(signal: AbortSignal): Promise<Verdict | null> {
    const ticket = lineUp(this.#url.origin);
    let held: HeldOpening | null = null;
    try {
      const turn = await within(this.#clock, this.#left, signal, ticket.granted);
      throwIfAborted(signal);
      if (turn === timedOut) return null;
      const informed = this.#evidence.deliveredAt !== null;
      const found = await this.#probe(signal);
      if (signal.aborted) found.opening?.close();
      throwIfAborted(signal);
      const holding = { clock: this.#clock, signal: this.#options.signal, onGone: ticket.leave };
      held = found.opening && hold(found.opening, holding);
      this.#note(found, informed, held);
      return found.verdict;
    } finally {
      if (held === null) ticket.leave();
    }
  }

  async #probe(signal: AbortSignal): Promise<Probe> {
    const timeLeft = this.#plan.limits.timeout - this.#elapsed;
    return probe(this.#fetch, this.#url, {
      firstRange: this.#plan.firstRange,
      expiresAt: this.#expiresAt,
      timeout: this.#options.attemptTimeout ?? 10_000,
      // What was asked for in time may still be answered when the URL has just expired.
      deadline: this.#clock.now() + Math.min(timeLeft, Math.max(this.#expiry.left, 1000)),
      clock: this.#clock,
      signal,
    });
  }

  /** Takes down what an attempt found, and the file, if that is what it found. @throws the error of a final answer */
  #note({ verdict, seen, label }: Probe, informed: boolean, held: HeldOpening | null): void {
    const now = this.#elapsed;
    const ready = verdict.state === 'ready' || verdict.state === 'empty';
    if ('status' in seen) {
      this.#expiry.answered(seen.date);
      const { etag, lastModified } = seen;
      const size = verdict.state === 'ready' ? verdict.size : 0;
      const facts = { url: this.#url, size, etag, lastModified };
      if (ready) this.file = new RemoteFile(facts, this.#fetch, { held, clock: this.#clock });
    }
    this.#evidence.attempted(verdict, label, { now, informed });
    this.#options.onAttempt?.({ number: this.#evidence.tally.attempts, elapsed: now, seen: label, ready });
    if (verdict.state === 'final')
      throw new DatasaurExportError(verdict.code, verdict.message, { hint: verdict.hint });
  }

  #pause(verdict: Verdict | null): number {
    const answer = verdict?.state === 'not-yet' ? verdict : null;
    this.#overloads = answer?.reason === 'overloaded' ? this.#overloads + 1 : 0;
    const { deliveredAt } = this.#evidence;
    const { random = Math.random } = this.#options;
    return nextDelay({
      ...this.#plan.pace,
      // A file that is announced is expected at any moment, as at the beginning.
      ...(deliveredAt === null ? {} : { expected: null }),
      elapsed: this.#elapsed - (deliveredAt ?? 0),
      remaining: this.#left,
      retryAfter: answer?.retryAfter ?? null,
      random: random(),
      overloads: this.#overloads,
    });
  }

  #endIf(ending: Ending | null): void {
    if (ending !== null) throw errorOf(ending, this.#plan.limits, this.#evidence.tally);
  }
}
