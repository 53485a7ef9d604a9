import { DatasaurExportError, systemCode } from '../errors/index.js';
import { setTimeout as delay } from 'node:timers/promises';
import { wasNotSent } from './send-failure.js';

/** An answer, read to its end. */
export interface ApiAnswer {
  status: number;
  headers: { get(name: string): string | null };
  text: string;
}

export interface ApiRequest {
  method: string;
  headers: Record<string, string>;
  body: string;
  signal?: AbortSignal | undefined;
}

export type SendRequest = (url: string, request: ApiRequest) => Promise<ApiAnswer>;

/** How large an answer may be, and what a larger one is. */
export interface AnswerLimit {
  bytes: number;
  tooLarge: () => DatasaurExportError;
}

/** An answer of the API is a few kilobytes. */
const defaultLimit: AnswerLimit = {
  bytes: 8 * 1024 * 1024,
  tooLarge: () =>
    new DatasaurExportError('API_INVALID_RESPONSE', 'The answer of the API is larger than 8 MiB.', {
      hint: 'It is not the API of Datasaur that answers there; check the base URL.',
    }),
};
const pausesBetweenConnects = [250, 1000];

/**
 * Sends requests that carry credentials: never follows a redirect, reads the whole answer within `timeout` milliseconds,
 * and tries again only where no connection came about, so that nothing is ever sent twice.
 */
export function apiSender(
  fetch: typeof globalThis.fetch,
  timeout: number,
  limit: AnswerLimit = defaultLimit,
): SendRequest {
  return async (url, request) => {
    for (const pause of pausesBetweenConnects) {
      try {
        return await sendOnce({ fetch, timeout, limit }, url, request);
      } catch (error) {
        if (!wasNotSent(systemCode(error)) || request.signal?.aborted === true) throw error;
        await delay(pause, undefined, { signal: request.signal });
      }
    }
    return sendOnce({ fetch, timeout, limit }, url, request);
  };
}

/** {@link apiSender} in the form that Apollo's link wants. */
export function linkFetch(send: SendRequest): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await send(urlOf(input), {
      method: init?.method ?? 'POST',
      headers: init?.headers as Record<string, string>,
      body: init?.body as string,
      signal: init?.signal ?? undefined,
    });
    const { status, headers } = answer;
    // A bare `null` is JSON that the link would trip over; as an empty answer it is reported as what it is.
    const text = answer.text.trim() === 'null' ? '' : answer.text;
    // `new Response` would refuse the odd status codes that a broken proxy invents.
    return {
      status,
      ok: status >= 200 && status < 300,
      headers,
      text: async () => Promise.resolve(text),
    } as Response;
  };
}

/** Every form that `fetch` takes an address in. Naming the global `Request` would load all of Node's own fetch. */
export function urlOf(input: string | URL | Request): string {
  return typeof input === 'object' && 'url' in input ? input.url : input.toString();
}

async function sendOnce(
  { fetch, timeout, limit }: { fetch: typeof globalThis.fetch; timeout: number; limit: AnswerLimit },
  url: string,
  { signal, ...request }: ApiRequest,
): Promise<ApiAnswer> {
  const controller = new AbortController();
  const stop = controller.abort.bind(controller);
  signal?.addEventListener('abort', stop);
  let timer: NodeJS.Timeout | undefined;
  try {
    if (signal?.aborted === true) stop();
    const expiry = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(Object.assign(new Error(`no answer within ${timeout / 1000} s`), { code: 'REQUEST_TIMEOUT' }));
        controller.abort();
      }, timeout);
    });
    const answer = fetch(url, { ...request, redirect: 'manual', signal: controller.signal });
    return await Promise.race([answer.then(async (response) => readAnswer(response, limit)), expiry]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
    controller.abort();
  }
}

async function readAnswer(response: Response, limit: AnswerLimit): Promise<ApiAnswer> {
  const { status, headers } = response;
  if (Number(headers.get('content-length')) > limit.bytes) throw limit.tooLarge();
  return { status, headers, text: await textWithin(response, limit) };
}

/** The body, given up where it becomes too large: the length need not be announced, and compressed it is another. */
async function textWithin(response: Response, { bytes, tooLarge }: AnswerLimit): Promise<string> {
  const body = response.body as AsyncIterable<Uint8Array> | null | undefined;
  if (typeof body?.[Symbol.asyncIterator] !== 'function') {
    const text = await response.text();
    if (text.length > bytes) throw tooLarge();
    return text;
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > bytes) throw tooLarge();
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}
