import { onAbort } from './abortable.js';
import { classify, describe, isWebPage, type Answer, type NoAnswer, type Verdict } from './classify.js';
import type { Clock } from './clock.js';
import type { Opening } from './opening.js';
import type { PresignedUrl } from './presigned-url.js';
import { requestRange, type RangeFetch, type RangeReply } from './range-request.js';
import { strongEtagOf } from './remote-file.js';

/** One attempt to see whether the file is there. */
export interface Probe {
  verdict: Verdict;
  seen: Answer | NoAnswer;
  /** For histograms and timelines: `206`, `404 NoSuchKey`, `timeout`. */
  label: string;
  /** The beginning of the file, where it is ready; it no longer heeds the signal of the attempt. */
  opening: Opening | null;
}

export interface ProbeOptions {
  /** How many bytes to ask for, from the first. */
  firstRange: number;
  /** When the URL expires, in ms since the epoch, where that is known. */
  expiresAt: number | null;
  /** Milliseconds until the head of the answer has to be there; silence for longer is a verdict too. */
  timeout: number;
  /** When the attempt has to be over, on the clock. */
  deadline: number;
  clock: Clock;
  signal: AbortSignal;
}

/** Asks for the beginning of the file. Never rejects; an abort drops the connection, and then the result means nothing. */
export async function probe(fetch: RangeFetch, url: PresignedUrl, options: ProbeOptions): Promise<Probe> {
  const { firstRange, expiresAt, signal } = options;
  const range = { start: 0, end: firstRange - 1 };
  const question = { ...range, expiresAt };
  const connection = new AbortController();
  const release = onAbort(signal, connection.abort.bind(connection));
  const reply = await requestRange(fetch, url, { ...options, range, signal: connection.signal });
  let { seen } = reply;
  let verdict = classify(question, seen);
  if (verdict.state === 'maybe-empty' && 'status' in seen) {
    seen = await confirmEmpty(fetch, url, seen, options);
    verdict = classify(question, seen);
  }
  release();
  if (verdict.state === 'ready' && !signal.aborted) {
    const opening = openingOf(reply, verdict, connection);
    return { verdict, seen, label: opening.label, opening };
  }
  connection.abort();
  return { verdict, seen, label: describe(seen), opening: null };
}

function openingOf({ seen, body }: RangeReply, verdict: Verdict, connection: AbortController): Opening {
  const sameEtag = 'etag' in seen && strongEtagOf(seen.etag) !== null;
  return { verdict, label: describe(seen), sameEtag, body, close: connection.abort.bind(connection) };
}

/** Some stores do not say clearly that an object is empty; asked for all of it, they answer 200 with length 0. */
async function confirmEmpty(
  fetch: RangeFetch,
  url: PresignedUrl,
  unclear: Answer,
  options: ProbeOptions,
): Promise<Answer> {
  const connection = new AbortController();
  const release = onAbort(options.signal, connection.abort.bind(connection));
  const { seen } = await requestRange(fetch, url, { ...options, range: null, signal: connection.signal });
  release();
  connection.abort();
  if (!('status' in seen) || seen.status !== 200) return unclear;
  if (seen.contentLength === '0') return { ...seen, status: 416, contentRange: 'bytes */0' };
  return isWebPage(seen) ? { ...unclear, contentType: seen.contentType } : unclear;
}
