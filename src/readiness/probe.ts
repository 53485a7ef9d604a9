import { classify, describe, type Answer, type NoAnswer, type Verdict } from './classify.js';
import { withTimeout, timedOut } from './abortable.js';
import type { Clock } from './clock.js';
import type { PresignedUrl } from './presigned-url.js';
import { discard, requestRange, type RangeFetch } from './range-request.js';

/** One attempt to see whether the file is there. */
export interface Probe {
  verdict: Verdict;
  seen: Answer | NoAnswer;
  /** For histograms and timelines: `206`, `404 NoSuchKey`, `timeout`. */
  label: string;
}

const firstByte = { start: 0, end: 0 };

/** Asks for the first byte. Gives up after `timeout` milliseconds, which counts as silence; rejects only on abort. */
export async function probe(
  fetch: RangeFetch,
  url: PresignedUrl,
  { timeout, clock, signal }: { timeout: number; clock: Clock; signal: AbortSignal },
): Promise<Probe> {
  const seen = await withTimeout(clock, timeout, signal, async (inner) => ask(fetch, url, inner));
  if (seen === timedOut) return judged(url, { failure: 'timeout', code: 'timeout' });
  return judged(url, seen);
}

function judged(url: PresignedUrl, seen: Answer | NoAnswer): Probe {
  const question = { ...firstByte, expiresAt: url.expiresAt?.getTime() };
  return { verdict: classify(question, seen), seen, label: describe(seen) };
}

async function ask(fetch: RangeFetch, url: PresignedUrl, signal: AbortSignal): Promise<Answer | NoAnswer> {
  const reply = await requestRange(fetch, url, firstByte, { signal });
  if (reply.body === null) return reply.seen;
  const { state } = classify(firstByte, reply.seen);
  if (state === 'maybe-empty') return confirmEmpty(fetch, url, reply.seen, signal);
  // The byte is read so that the connection can be used again; of an answer that is final nothing more is wanted.
  if (state === 'ready') await discard(reply.body);
  return reply.seen;
}

/** Some stores do not say clearly that an object is empty; asked for all of it, they answer 200 with length 0. */
async function confirmEmpty(
  fetch: RangeFetch,
  url: PresignedUrl,
  unclear: Answer,
  signal: AbortSignal,
): Promise<Answer> {
  const whole = await requestRange(fetch, url, null, { signal });
  if (whole.body === null || whole.seen.status !== 200 || whole.seen.contentLength !== '0') return unclear;
  return { ...whole.seen, status: 416, contentRange: 'bytes */0' };
}
