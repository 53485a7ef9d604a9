import { isCertificateFailure, systemCode } from '../errors/index.js';
import { timedOut, within } from './abortable.js';
import type { Answer, NoAnswer } from './classify.js';
import type { Clock } from './clock.js';
import type { PresignedUrl } from './presigned-url.js';
import { parseRetryAfter } from './retry-after.js';
import { readS3Error } from './s3-error.js';

/** The part of a `fetch` answer that is used here; `Response` of every fetch fits. */
export interface FetchAnswer {
  readonly status: number;
  /** `cors` where a browser read it from another origin: headers that the host does not expose are then missing. */
  readonly type?: string;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}

/** The part of `fetch` that is used here, so that any fetch, or a faster transport of the same shape, can be passed in. */
export type RangeFetch = (
  url: string,
  init: { method: 'GET'; headers: Record<string, string>; redirect: 'manual'; signal: AbortSignal },
) => Promise<FetchAnswer>;

/** What came of one GET. */
export interface RangeReply {
  seen: Answer | NoAnswer;
  /** Unread where the status is 206 or 200. */
  body: AsyncIterable<Uint8Array>;
}

export interface RangeRequest {
  /** Bytes `start` to `end` inclusive; null asks for the whole. */
  range: { start: number; end: number } | null;
  ifMatch?: string | undefined;
  /** Fires to drop the request, or a body that is not read to its end, with the connection. */
  signal: AbortSignal;
  clock: Clock;
  /** How many milliseconds the head of the answer may take. Default: any number. */
  timeout?: number;
  /** When everything but the body of a 206 has to be over, on the clock. Default: never. */
  deadline?: number;
}

/** The code of the error of a `fetch` whose answer came, but may not be read. */
export const unreadable = 'CORS';

/** An error document is a few hundred bytes; what is longer is somebody's web page. */
const errorBodyLimit = 16 * 1024;
/** And it comes with the head: what takes longer than this many milliseconds is not worth waiting for. */
const errorBodyTime = 2000;
/** What a timer can hold. */
const forEver = 2 ** 31 - 1;

/**
 * Sends one GET and reads the head of the answer, and the body where it is an error's; never rejects. GET, because the
 * method is part of the signature: HEAD on a presigned GET is 403. No other header than these: S3 refuses unsigned
 * `x-amz-*` headers, and an `Authorization` would hand the API's token to another host.
 */
export async function requestRange(
  fetch: RangeFetch,
  url: PresignedUrl,
  request: RangeRequest,
): Promise<RangeReply> {
  const { range, ifMatch, signal, clock, timeout = forEver, deadline = Infinity } = request;
  const left = (): number => Math.max(0, deadline - clock.now());
  const headers: Record<string, string> = { 'accept-encoding': 'identity', connection: 'keep-alive' };
  if (range !== null) headers['range'] = `bytes=${range.start}-${range.end}`;
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  try {
    const sent = fetch(url.reveal(), { method: 'GET', headers, redirect: 'manual', signal });
    const answer = await within(clock, Math.min(timeout, left()), signal, sent);
    if (answer === timedOut) return { seen: { failure: 'timeout', code: 'timeout' }, body: nothing() };
    const body = chunksOf(answer.body);
    if (answer.status === 206 || answer.status === 200) return { seen: headOf(answer, null), body };
    // The head alone has meaning too, so a body that stalls or breaks is no more than a document that is missing.
    const text = await within(clock, Math.min(errorBodyTime, left()), signal, readText(body)).catch(() => '');
    return { seen: headOf(answer, text === timedOut ? null : errorIn(text, url)), body };
  } catch (error) {
    return { seen: noAnswerOf(error), body: nothing() };
  }
}

/** What an error of `fetch` says of the connection. */
function noAnswerOf(error: unknown): NoAnswer {
  const code = systemCode(error) ?? 'network error';
  if (code === unreadable) return { failure: 'cors', code };
  return { failure: isCertificateFailure(code) ? 'certificate' : 'network', code };
}

/** Its code is shown to people, so a host that echoes the URL there is not heard. */
function errorIn(text: string, url: PresignedUrl): Answer['error'] {
  const error = readS3Error(text);
  const echo = url.secrets.some((secret) => error !== null && secret.includes(error.code));
  return echo ? null : error;
}

function headOf({ status, type, headers }: FetchAnswer, error: Answer['error']): Answer {
  const dateHeader = Date.parse(headers.get('date') ?? '');
  const date = Number.isNaN(dateHeader) ? null : dateHeader;
  return {
    status,
    crossOrigin: type === 'cors',
    contentRange: headers.get('content-range'),
    contentLength: headers.get('content-length'),
    contentEncoding: headers.get('content-encoding'),
    contentType: headers.get('content-type'),
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    retryAfter: parseRetryAfter(headers.get('retry-after'), date),
    date,
    error,
  };
}

/** Web streams and Node streams alike; leaving the loop early cancels the stream and closes its connection. */
function chunksOf(body: FetchAnswer['body']): AsyncIterable<Uint8Array> {
  if (body === null) return nothing();
  return 'getReader' in body ? chunksOfWebStream(body) : body;
}

async function* chunksOfWebStream(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {
  // Yields nothing.
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    size += chunk.byteLength;
    if (size > errorBodyLimit) break;
  }
  return text;
}
