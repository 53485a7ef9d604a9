/** The browser's `fetch`, and how a host that does not let a page read its answers is told from one that is down. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { browserFetch, pollUntilReady } from '../../src/readiness/index.js';
import { waitUntilReady } from '../../src/readiness/browser.js';
import { there } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

type Native = (url: string, init: RequestInit) => Promise<unknown>;

interface Sent extends RequestInit {
  url: string;
}

const native = globalThis.fetch;
let sent: Sent[] = [];
let hosts = 0;
/** Each test has a host of its own: what is known of one is remembered. */
let url = '';

function answering(answer: Native): void {
  globalThis.fetch = (async (asked: string, init: RequestInit) => {
    sent.push({ url: asked, ...init });
    return answer(asked, init);
  }) as typeof fetch;
}

beforeEach(() => {
  sent = [];
  hosts += 1;
  url = `https://bucket-${hosts}.example/a/b%20c.zip?X-Amz-Signature=s3cr3t`;
});
afterEach(() => {
  globalThis.fetch = native;
});

const failed = async (): Promise<never> => Promise.reject(new TypeError('Failed to fetch'));
const isSecondLook = ({ mode }: RequestInit): boolean => mode === 'no-cors';
const blocked: Native = async (_, init) => (isSecondLook(init) ? { type: 'opaque', status: 0 } : failed());
const ask = async (signal = new AbortController().signal): Promise<unknown> =>
  browserFetch(url, { method: 'GET', headers: { range: 'bytes=0-0' }, redirect: 'manual', signal });

test('sends nothing of the page with a request, keeps nothing of the answer, and follows nothing', async () => {
  answering(async () => Promise.resolve(there()));
  expect(await ask()).toMatchObject({ status: 206 });
  expect(sent).toMatchObject([
    {
      url,
      method: 'GET',
      headers: { range: 'bytes=0-0' },
      redirect: 'manual',
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
    },
  ]);
  expect(sent[0]!.mode).toBeUndefined();
});

test('asks a host that fails for an answer that nobody reads: without signature, page and body', async () => {
  answering(blocked);
  await expect(ask()).rejects.toMatchObject({ code: 'CORS' });
  expect(sent).toHaveLength(2);
  expect(sent[1]).toMatchObject({
    url: url.split('?')[0],
    method: 'HEAD',
    mode: 'no-cors',
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  });
  expect(sent[1]!.headers).toBeUndefined();
  expect(sent[1]!.signal!.aborted).toBe(true);
});

test('leaves a host alone that is down: it is not asked twice each time', async () => {
  answering(failed);
  for (let time = 0; time < 5; time += 1) {
    const error: unknown = await ask().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'Failed to fetch' });
    expect(error).not.toHaveProperty('code');
  }
  expect(sent.filter(isSecondLook)).toHaveLength(1);
  expect(sent).toHaveLength(6);
});

test('takes what fails on the page’s own origin for a failure of the network', async () => {
  answering(async (_, init) => (isSecondLook(init) ? { type: 'basic', status: 403 } : failed()));
  await expect(ask()).rejects.not.toHaveProperty('code');
});

test('takes a host that is silent at the second look too for one that is down, after three seconds', async () => {
  jest.useFakeTimers({ doNotFake: ['performance', 'queueMicrotask', 'nextTick'] });
  try {
    answering(async (_, init) => (isSecondLook(init) ? new Promise(() => undefined) : failed()));
    const asked = ask().catch((reason: unknown) => reason);
    await jest.advanceTimersByTimeAsync(3000);
    expect(await asked).not.toHaveProperty('code');
    expect(sent[1]!.signal!.aborted).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});

test('an abort ends the second look too, and says nothing of the host', async () => {
  const controller = new AbortController();
  answering(async (_, { mode, signal }) => {
    if (mode !== 'no-cors') return failed();
    controller.abort();
    expect(signal!.aborted).toBe(true);
    return new Promise(() => undefined);
  });
  await expect(ask(controller.signal)).rejects.toThrow('Failed to fetch');
  expect(sent).toHaveLength(2);
  await expect(ask(controller.signal)).rejects.toThrow('Failed to fetch');
  expect(sent).toHaveLength(3);
  answering(blocked);
  await expect(ask()).rejects.toMatchObject({ code: 'CORS' });
});

test('a wait uses it where it is given no other, and tells a host that may not be read', async () => {
  answering(blocked);
  const clock = new VirtualClock();
  const waiting = waitUntilReady(url, { clock });
  const error = await clock.settle(waiting).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'CORS_BLOCKED' });
  expect(JSON.stringify(error) + String(error)).not.toContain('s3cr3t');
  expect(clock.now()).toBeLessThan(2400);
  expect(clock.pending).toBe(0);
});

test('a wait goes on while the host is down', async () => {
  answering(failed);
  const clock = new VirtualClock();
  const attempts: string[] = [];
  const waiting = pollUntilReady(browserFetch, url, {
    clock,
    timeout: '2m',
    onAttempt: ({ seen, number }) => {
      attempts.push(seen);
      if (number === 40) answering(async () => Promise.resolve(there()));
    },
  });
  const file = await clock.settle(waiting);
  expect(file).toMatchObject({ size: 42 });
  expect(new Set(attempts)).toEqual(new Set(['network error', '206']));
  expect(sent.filter(isSecondLook)).toHaveLength(1);
  file.close();
});

test('another fetch than the browser’s is nobody’s to doubt', async () => {
  answering(failed);
  const clock = new VirtualClock();
  const fetch = async (): Promise<ReturnType<typeof there>> => Promise.resolve(there());
  const file = await clock.settle(waitUntilReady(url, { clock, fetch }));
  expect(file.size).toBe(42);
  expect(sent).toEqual([]);
  file.close();
});
