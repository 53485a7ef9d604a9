import type { FetchAnswer, RangeFetch } from '../../src/readiness/index.js';
import type { VirtualClock } from './virtual-clock.js';

export function reply(status: number, headers: Record<string, string> = {}, body = ''): FetchAnswer {
  return {
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    // eslint-disable-next-line @typescript-eslint/require-await
    body: (async function* () {
      if (body !== '') yield new TextEncoder().encode(body);
    })(),
  };
}

export const s3Error = (code: string, message = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

export const missing = (): FetchAnswer => reply(404, {}, s3Error('NoSuchKey'));
export const there = (): FetchAnswer =>
  reply(206, {
    'content-range': 'bytes 0-0/42',
    'content-length': '1',
    etag: '"abc"',
    'last-modified': 'Tue, 25 Jan 2022 06:10:00 GMT',
  });

export interface Sent {
  at: number;
  url: string;
  init: Parameters<RangeFetch>[1];
}

/** Gives the answers one after the other, the last one for ever, and notes what was asked when. */
export function fakeFetch(
  clock: VirtualClock,
  ...answers: ((init: Sent['init']) => FetchAnswer | Promise<FetchAnswer>)[]
): { fetch: RangeFetch; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch: RangeFetch = async (url, init) => {
    sent.push({ at: clock.now(), url, init });
    return answers[Math.min(sent.length, answers.length) - 1]!(init);
  };
  return { fetch, sent };
}
