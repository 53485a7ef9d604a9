import { getEventListeners, once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import crossFetch from 'cross-fetch';
import {
  pollUntilReady,
  type FetchAnswer,
  type RangeFetch,
  type WaitOptions,
} from '../../src/readiness/index.js';
import { nodeFetch } from '../../src/transfer/index.js';
import { hastyClock } from '../transfer/scratch.js';
import { fakeFetch, missing, reply, type Sent } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

const url = 'https://bucket.s3.amazonaws.com/a/Team%20Overview.zip?X-Amz-Signature=s3cr3t';
const text = 'the bytes of the file';
const part = (init: Sent['init'], etag: string | null = '"abc"') => {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(init.headers['range'] ?? '')!.map(Number);
  const body = text.slice(start, end! + 1);
  return reply(
    206,
    {
      'content-range': `bytes ${start!}-${start! + body.length - 1}/${text.length}`,
      ...(etag === null ? {} : { etag }),
    },
    body,
  );
};

async function readAll(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('the answer that finds the file ready', () => {
  test('brings a small file whole, in one request', async () => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, part);
    const file = await pollUntilReady(fetch, url, { clock });
    const opening = file.takeOpening()!;
    expect(opening).toMatchObject({
      verdict: { state: 'ready', first: 0, last: text.length - 1, size: text.length },
      label: '206',
      sameEtag: true,
    });
    expect(await readAll(opening.body)).toBe(text);
    expect(sent.map(({ init }) => init.headers['range'])).toEqual(['bytes=0-8388607']);
    expect(clock.pending).toBe(0);
  });

  test.each([1, 4, 21, 1000])('asks for the first %d bytes, if told so', async (firstRange) => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, missing, part);
    const file = await clock.settle(pollUntilReady(fetch, url, { clock, firstRange }));
    const opening = file.takeOpening()!;
    const last = Math.min(firstRange, text.length) - 1;
    expect(opening.verdict).toEqual({ state: 'ready', first: 0, last, size: text.length });
    expect(await readAll(opening.body)).toBe(text.slice(0, firstRange));
    expect(sent.map(({ init }) => init.headers['range'])).toEqual(
      Array.from({ length: 2 }, () => `bytes=0-${firstRange - 1}`),
    );
    expect(file.size).toBe(text.length);
  });

  test.each([
    ['fewer bytes than were asked for', 'bytes 0-3/21', 3, 21],
    ['more', 'bytes 0-20/21', 20, 21],
  ])('tells how many bytes it brings where they are %s', async (_, contentRange, last, size) => {
    const clock = new VirtualClock();
    const { fetch } = fakeFetch(clock, () => reply(206, { 'content-range': contentRange }));
    const file = await pollUntilReady(fetch, url, { clock, firstRange: 10 });
    expect(file.takeOpening()!.verdict).toEqual({ state: 'ready', first: 0, last, size });
    expect(file.size).toBe(size);
  });

  test.each([
    ['a strong ETag', '"abc"', true],
    ['a weak one', 'W/"abc"', false],
    ['none', null, false],
  ])('knows whether it bore the ETag of the object: %s', async (_, etag, sameEtag) => {
    const clock = new VirtualClock();
    const { fetch } = fakeFetch(clock, (init) => part(init, etag));
    const file = await pollUntilReady(fetch, url, { clock });
    expect(file.takeOpening()!.sameEtag).toBe(sameEtag);
  });

  test('can be taken once, and then belongs to the taker', async () => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, part);
    const caller = new AbortController();
    const file = await pollUntilReady(fetch, url, { clock, signal: caller.signal });
    const opening = file.takeOpening()!;
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    expect(file.takeOpening()).toBeNull();
    file.close();
    caller.abort();
    await clock.until(10_000);
    expect(sent[0]!.init.signal.aborted).toBe(false);
    opening.close();
    opening.close();
    expect(sent[0]!.init.signal.aborted).toBe(true);
  });

  test('is dropped after a second in which nobody takes it', async () => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, part);
    const file = await pollUntilReady(fetch, url, { clock });
    await clock.until(999);
    expect(sent[0]!.init.signal.aborted).toBe(false);
    await clock.until(1000);
    expect(sent[0]!.init.signal.aborted).toBe(true);
    expect(file.takeOpening()).toBeNull();
    expect(clock.pending).toBe(0);
  });

  test('is dropped when the signal of the wait fires, and when the file is closed', async () => {
    for (const end of ['abort', 'close'] as const) {
      const clock = new VirtualClock();
      const { fetch, sent } = fakeFetch(clock, part);
      const caller = new AbortController();
      const file = await pollUntilReady(fetch, url, { clock, signal: caller.signal });
      if (end === 'abort') caller.abort();
      else file.close();
      expect(sent[0]!.init.signal.aborted).toBe(true);
      expect(file.takeOpening()).toBeNull();
      file.close();
      await clock.until(0);
      expect(clock.pending).toBe(0);
    }
  });

  test('is dropped at whichever moment an abort comes', async () => {
    for (let moment = 0; moment < 60; moment += 1) {
      const clock = new VirtualClock();
      const caller = new AbortController();
      const { fetch, sent } = fakeFetch(clock, (init) => {
        void (async () => {
          for (let turn = 0; turn < moment; turn += 1) await Promise.resolve();
          caller.abort();
        })();
        return part(init);
      });
      await pollUntilReady(fetch, url, { clock, signal: caller.signal }).catch(() => null);
      await clock.until(0);
      expect([moment, sent[0]!.init.signal.aborted, clock.pending]).toEqual([moment, true, 0]);
    }
  });

  test('may be as slow as it likes once its head is there', async () => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, part);
    const file = await pollUntilReady(fetch, url, { clock, attemptTimeout: 100, timeout: 500 });
    const opening = file.takeOpening()!;
    await clock.until(60_000);
    expect(sent[0]!.init.signal.aborted).toBe(false);
    expect(await readAll(opening.body)).toBe(text);
  });

  test('is not there for an object of no bytes', async () => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, () => reply(416, { 'content-range': 'bytes */0' }));
    const file = await pollUntilReady(fetch, url, { clock });
    expect(file.takeOpening()).toBeNull();
    file.close();
    expect(sent[0]!.init.signal.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test.each([0, -1, 1.5, NaN, Infinity, 2 ** 53])(
    'is not asked for with firstRange %p',
    async (firstRange) => {
      const { fetch, sent } = fakeFetch(new VirtualClock(), part);
      await expect(pollUntilReady(fetch, url, { firstRange })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
      expect(sent).toEqual([]);
    },
  );
});

describe('a part that is opened later', () => {
  const opened = async (answer: (init: Sent['init']) => FetchAnswer) => {
    const clock = new VirtualClock();
    const { fetch, sent } = fakeFetch(clock, part, answer);
    const file = await pollUntilReady(fetch, url, { clock });
    file.close();
    const caller = new AbortController();
    const range = await clock.settle(file.open(4, 8, caller.signal));
    return { range, caller, sent };
  };

  test('is read under the signal of the caller', async () => {
    const { range, caller, sent } = await opened(part);
    expect(await readAll(range.body)).toBe('bytes');
    expect(range).toMatchObject({ verdict: { state: 'ready', first: 4, last: 8 }, sameEtag: true });
    expect(sent[1]!.init.headers).toMatchObject({ range: 'bytes=4-8', 'if-match': '"abc"' });
    expect(sent[1]!.init.signal.aborted).toBe(false);
    caller.abort();
    expect(sent[1]!.init.signal.aborted).toBe(true);
  });

  test.each<[string, FetchAnswer, Record<string, unknown>]>([
    ['something else', reply(200, {}, text), { state: 'final', code: 'RANGE_IGNORED' }],
    [
      'an error that stalls',
      { ...missing(), body: new ReadableStream() },
      { state: 'not-yet', reason: 'missing' },
    ],
  ])('is dropped at once where %s came instead', async (_, answer, verdict) => {
    const { range, caller, sent } = await opened(() => answer);
    expect(range.verdict).toMatchObject(verdict);
    expect(sent[1]!.init.signal.aborted).toBe(true);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
  });
});

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A host whose object of `size` bytes is there at the third request; what its sockets carried and what became of them. */
async function host(
  size: number,
  miss = (response: ServerResponse): void =>
    void response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>'),
): Promise<{ at: string; sockets: Socket[]; requests: () => number }> {
  const sockets: Socket[] = [];
  let requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    if (requests < 3) {
      miss(response);
      return;
    }
    const end = Math.min(size - 1, Number(/-(\d+)$/.exec(request.headers.range ?? '')![1]));
    response.writeHead(206, {
      'content-range': `bytes 0-${end}/${size}`,
      'content-length': end + 1,
      etag: '"e"',
    });
    response.end(Buffer.alloc(end + 1, 'x'));
  });
  server.on('connection', (socket: Socket) => sockets.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    at: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.zip`,
    sockets,
    requests: () => requests,
  };
}

const fetches: [string, RangeFetch][] = [
  ["Node's HTTP client", nodeFetch],
  ['cross-fetch', crossFetch],
  ['the built-in fetch', fetch],
];

describe.each(fetches)('over %s', (_, fetch) => {
  const options: WaitOptions = { timeout: '10m', random: () => 0 };

  test('the misses and the file come over one connection', async () => {
    const { at, sockets, requests } = await host(50_000);
    const file = await pollUntilReady(fetch, at, options);
    expect(await readAll(file.takeOpening()!.body)).toHaveLength(50_000);
    expect(requests()).toBe(3);
    expect(sockets).toHaveLength(1);
  });

  test('closing an opening closes its connection, unread as it is', async () => {
    const { at, sockets } = await host(30_000_000);
    const file = await pollUntilReady(fetch, at, { ...options, firstRange: 30_000_000 });
    const socket = sockets.at(-1)!;
    const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    expect(socket.destroyed).toBe(false);
    file.close();
    await closed;
    expect(socket.destroyed).toBe(true);
  });

  test('an error document that never ends counts as its status', async () => {
    const seen: string[] = [];
    const { at } = await host(10, (response) => {
      response.writeHead(404).write('<Error>');
    });
    const file = await pollUntilReady(fetch, at, {
      ...options,
      clock: hastyClock,
      onAttempt: (attempt) => seen.push(attempt.seen),
    });
    file.close();
    expect(seen).toEqual(['404', '404', '206']);
  });
});
