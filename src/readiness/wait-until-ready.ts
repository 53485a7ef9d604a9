import { DatasaurExportError, throwIfAborted } from '../errors/index.js';
import { abortable } from './abortable.js';
import { type Clock, systemClock } from './clock.js';
import { watchDelivery, type DeliveryStatusSource } from './delivery-watch.js';
import { type Duration, formatDuration, parseDuration } from './duration.js';
import { PresignedUrl } from './presigned-url.js';
import { probe, type Probe } from './probe.js';
import type { RangeFetch } from './range-request.js';
import { RemoteFile } from './remote-file.js';
import { hold } from './opening.js';
import { nextDelay } from './schedule.js';

/** As much as S3's makers advise for one range; a Team Overview is nearly always smaller. */
const defaultFirstRange = 8 * 1024 * 1024;

/** One attempt of a wait, for progress and timelines. */
export interface Attempt {
  /** 1, 2, 3, … */
  number: number;
  /** Milliseconds since the wait began. */
  elapsed: number;
  /** What came back: `206`, `404 NoSuchKey`, `503 SlowDown`, `timeout`, `ECONNREFUSED`. */
  seen: string;
  ready: boolean;
}

export interface WaitOptions {
  /** How long to wait. Default `15m`. */
  timeout?: Duration;
  signal?: AbortSignal | undefined;
  onAttempt?: ((attempt: Attempt) => void) | undefined;
  /** Asked beside the polling, so that an export that FAILED ends the wait at once. */
  deliveryStatus?: DeliveryStatusSource | undefined;
  /** Also accept a plain `http:` URL to a host other than loopback. Default false. */
  allowInsecureHttp?: boolean;
  /** How long one attempt may take until the head of its answer is there, in milliseconds. Default 10 000. */
  attemptTimeout?: number;
  /**
   * How many bytes each attempt asks for, from the first. The answer that finds the file ready already brings them, so
   * that a file of up to this size needs no request but that one. Default 8 MiB; at least 1.
   */
  firstRange?: number;
  /** For tests. */
  clock?: Clock;
  /** For tests: 0 ≤ random < 1. */
  random?: () => number;
}

/**
 * Polls a presigned URL with range requests until the file is there, which only a 206 (or S3's 416 for an object of no
 * bytes) proves. Source: the vendor's page on Export Team Overview; Amazon S3 API reference for the error answers.
 *
 * @param fetch how to send the requests; never given credentials, never follows a redirect
 * @throws NOT_READY at the deadline, with what was seen; EXPORT_FAILED; URL_EXPIRED; URL_REJECTED; FILE_REDIRECTED;
 *   FILE_HOST_UNTRUSTED; RANGE_IGNORED; INVALID_RANGE_RESPONSE; FILE_URL_REFUSED; INVALID_ARGUMENT; ABORTED
 */
export async function pollUntilReady(
  fetch: RangeFetch,
  fileUrl: PresignedUrl | string | URL,
  options: WaitOptions = {},
): Promise<RemoteFile> {
  const url = PresignedUrl.from(fileUrl, { allowInsecureHttp: options.allowInsecureHttp ?? false });
  const timeout = parseDuration(options.timeout ?? '15m', 'timeout');
  const { clock = systemClock, deliveryStatus } = options;
  const { firstRange = defaultFirstRange } = options;
  if (!Number.isSafeInteger(firstRange) || firstRange < 1) {
    throw new DatasaurExportError(
      'INVALID_ARGUMENT',
      'firstRange must be a whole number of bytes, at least 1.',
    );
  }
  return abortable(options.signal, async (signal) => {
    const wake = new Wake();
    let missed = (): void => undefined;
    const firstMiss = new Promise<void>((resolve) => (missed = resolve));
    const polling = poll(fetch, url, {
      ...options,
      clock,
      timeout,
      firstRange,
      signal,
      wake,
      missed,
      callerSignal: options.signal,
    });
    if (deliveryStatus === undefined) return polling;
    const onDelivered = wake.now.bind(wake);
    const watching = watchDelivery(deliveryStatus, { clock, signal, firstMiss, onDelivered });
    // A delivery that is announced only wakes the polling: the file alone proves that it is there.
    return Promise.race([polling, watching.then(async () => polling)]);
  });
}

interface Polling extends WaitOptions {
  clock: Clock;
  timeout: number;
  firstRange: number;
  signal: AbortSignal;
  callerSignal: AbortSignal | undefined;
  wake: Wake;
  missed: () => void;
}

async function poll(fetch: RangeFetch, url: PresignedUrl, options: Polling): Promise<RemoteFile> {
  const { clock, signal, timeout, wake, missed, random = Math.random, attemptTimeout = 10_000 } = options;
  const start = clock.now();
  const elapsed = (): number => clock.now() - start;
  const tally = new Tally();
  let overloads = 0;
  for (;;) {
    const remaining = Math.max(1, timeout - elapsed());
    const found = await probe(fetch, url, {
      firstRange: options.firstRange,
      expiresAt: url.expiresAt?.getTime() ?? null,
      timeout: attemptTimeout,
      deadline: clock.now() + remaining,
      clock,
      signal,
    });
    throwIfAborted(signal);
    tally.add(found.label);
    const { state } = found.verdict;
    options.onAttempt?.({
      number: tally.attempts,
      elapsed: elapsed(),
      seen: found.label,
      ready: state === 'ready' || state === 'empty',
    });
    const file = readyFile(found, url, fetch, options);
    if (file !== null) return file;
    missed();
    const retryAfter = found.verdict.state === 'not-yet' ? found.verdict.retryAfter : null;
    const left = timeout - elapsed();
    overloads = isOverload(found) ? overloads + 1 : 0;
    const moment = { elapsed: elapsed(), remaining: left, retryAfter, random: random(), overloads };
    await wake.sleep(clock, nextDelay(moment), signal);
    throwIfAborted(signal);
    // A timer may fire a fraction of a millisecond early.
    if (elapsed() >= timeout - 1) throw notReady(tally, timeout);
  }
}

function isOverload({ seen }: Probe): boolean {
  return 'status' in seen && (seen.status === 429 || seen.status >= 500);
}

/** The file where it is there, null where it may still come. @throws the error of a final answer */
function readyFile(
  { verdict, seen, opening }: Probe,
  url: PresignedUrl,
  fetch: RangeFetch,
  { clock, callerSignal }: Polling,
): RemoteFile | null {
  if (verdict.state === 'final')
    throw new DatasaurExportError(verdict.code, verdict.message, { hint: verdict.hint });
  if ((verdict.state !== 'ready' && verdict.state !== 'empty') || 'failure' in seen) return null;
  const size = verdict.state === 'ready' ? verdict.size : 0;
  const held = opening && hold(opening, { clock, signal: callerSignal, onGone: () => undefined });
  return new RemoteFile({ url, size, etag: seen.etag, lastModified: seen.lastModified }, fetch, {
    held,
    clock,
  });
}

function notReady(tally: Tally, timeout: number): DatasaurExportError {
  return new DatasaurExportError(
    'NOT_READY',
    `The file was not there within ${formatDuration(timeout)}; seen: ${tally.toString()}.`,
    {
      hint: 'The export may still be running: wait longer (--timeout), or try again later.',
      details: { attempts: tally.attempts, seen: Object.fromEntries(tally.counts), last: tally.last },
    },
  );
}

/** A sleep that the announcement of the delivery cuts short, once, even when it came while nobody slept. */
class Wake {
  #nap = new AbortController();

  now(): void {
    this.#nap.abort();
  }

  async sleep(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
    const stop = this.now.bind(this);
    signal.addEventListener('abort', stop);
    await clock.delay(milliseconds, this.#nap.signal);
    signal.removeEventListener('abort', stop);
    this.#nap = new AbortController();
  }
}

/** What was seen how often, for the error that a deadline ends with. */
class Tally {
  attempts = 0;
  last = '';
  readonly #counts = new Map<string, number>();

  /** In the order in which they were first seen. */
  get counts(): readonly (readonly [label: string, count: number])[] {
    return [...this.#counts];
  }

  add(label: string): void {
    this.attempts += 1;
    this.last = label;
    this.#counts.set(label, (this.#counts.get(label) ?? 0) + 1);
  }

  toString(): string {
    const parts = this.counts.map(([label, count]) => `${label} × ${count}`);
    return parts.length > 1 ? `${parts.join(', ')}, last ${this.last}` : parts.join('');
  }
}
