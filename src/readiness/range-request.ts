import { isCertificateFailure, systemCode } from '../errors/index.js';
import type { Answer, NoAnswer } from './classify.js';
import type { PresignedUrl } from './presigned-url.js';
import { parseRetryAfter } from './retry-after.js';
import { readS3Error } from './s3-error.js';

/** The part of a `fetch` answer that is used here; `Response` of every fetch fits. */
export interface FetchAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}

/** The part of `fetch` that is used here, so that any fetch, or a faster transport of the same shape, can be passed in. */
export type RangeFetch = (
  url: string,
  init: { method: 'GET'; headers: Record<string, string>; redirect: 'manual'; signal: AbortSignal },
) => Promise<FetchAnswer>;

/** One ranged GET: what was seen and, for a 206, the unread body. */
export type RangeReply = { seen: Answer; body: AsyncIterable<Uint8Array> } | { seen: NoAnswer; body: null };

/** An error document is a few hundred bytes; what is longer is somebody's web page. */
const errorBodyLimit = 16 * 1024;

/**
 * Sends one GET, with `Range: bytes=start-end` unless `range` is null, and reads the head of the answer; never rejects
 * but for an abort. GET, because the method is part of the signature: HEAD on a presigned GET is 403. No other header
 * than these: S3 refuses unsigned `x-amz-*` headers, and an `Authorization` would hand the API's token to another host.
 */
export async function requestRange(
  fetch: RangeFetch,
  url: PresignedUrl,
  range: { start: number; end: number } | null,
  { ifMatch, signal }: { ifMatch?: string | undefined; signal: AbortSignal },
): Promise<RangeReply> {
  const headers: Record<string, string> = { 'accept-encoding': 'identity', connection: 'keep-alive' };
  if (range !== null) headers['range'] = `bytes=${range.start}-${range.end}`;
  if (ifMatch !== undefined) headers['if-match'] = ifMatch;
  try {
    const answer = await fetch(url.reveal(), { method: 'GET', headers, redirect: 'manual', signal });
    const body = chunksOf(answer.body);
    const error = answer.status === 206 || answer.status === 200 ? null : readS3Error(await readText(body));
    return { seen: headOf(answer, error), body };
  } catch (error) {
    return { seen: noAnswerOf(error), body: null };
  }
}

/** What an error of `fetch`, or of reading a body, says of the connection. */
export function noAnswerOf(error: unknown): NoAnswer {
  const code = systemCode(error);
  return { failure: isCertificateFailure(code) ? 'certificate' : 'network', code: code ?? 'network error' };
}

/** Reads a short rest of a body so that its connection can be used again, and drops a longer one with the connection. */
export async function discard(body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    await readText(body);
  } catch {
    // What is being thrown away may as well be broken.
  }
}

function headOf({ status, headers }: FetchAnswer, error: Answer['error']): Answer {
  const dateHeader = Date.parse(headers.get('date') ?? '');
  const date = Number.isNaN(dateHeader) ? null : dateHeader;
  return {
    status,
    contentRange: headers.get('content-range'),
    contentLength: headers.get('content-length'),
    contentEncoding: headers.get('content-encoding'),
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    retryAfter: parseRetryAfter(headers.get('retry-after'), date),
    date,
    error,
  };
}

/** Web streams and Node streams alike; leaving the loop early cancels the stream and closes its connection. */
async function* chunksOf(body: FetchAnswer['body']): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  if (!('getReader' in body)) {
    yield* body;
    return;
  }
  const reader = body.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
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
