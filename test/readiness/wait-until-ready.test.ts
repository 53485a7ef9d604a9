import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import {
  pollUntilReady,
  type Attempt,
  type WaitOptions,
  type FetchAnswer,
  type RemoteFile,
} from '../../src/readiness/index.js';
import { fakeFetch, missing, reply, s3Error, there, type Sent } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

const url = 'https://bucket.s3.amazonaws.com/a/Team%20Overview.zip?X-Amz-Signature=s3cr3t';
type AnswerMaker = (init: Sent['init']) => FetchAnswer | Promise<FetchAnswer>;
const never = async (): Promise<never> => new Promise(() => undefined);

interface Run {
  promise: Promise<RemoteFile>;
  sent: Sent[];
  clock: VirtualClock;
  attempts: Attempt[];
}

function start(answers: AnswerMaker[], options: WaitOptions = {}): Run {
  const clock = new VirtualClock();
  const { fetch, sent } = fakeFetch(clock, ...answers);
  const attempts: Attempt[] = [];
  const onAttempt = (attempt: Attempt): void => void attempts.push(attempt);
  const promise = pollUntilReady(fetch, url, { clock, random: () => 0, onAttempt, ...options });
  promise.catch(() => undefined);
  return { promise, sent, clock, attempts };
}

async function outcome({ promise, clock }: Run): Promise<unknown> {
  return clock.settle(promise).catch((error: unknown) => error);
}
const times = ({ sent }: Run): number[] => sent.map(({ at }) => at);

test('takes the file as the first 206 describes it', async () => {
  const run = start([there]);
  expect(await outcome(run)).toMatchObject({
    size: 42,
    etag: '"abc"',
    lastModified: 'Tue, 25 Jan 2022 06:10:00 GMT',
  });
  expect(times(run)).toEqual([0]);
  expect(run.attempts).toEqual([{ number: 1, elapsed: 0, seen: '206', ready: true }]);
  (await run.promise).close();
  expect(run.clock.pending).toBe(0);
});

test('prints what it found without the signature', async () => {
  const file = await outcome(start([there]));
  expect(inspect(file) + JSON.stringify(file)).not.toContain('s3cr3t');
  expect(JSON.stringify(file)).toContain('?[redacted]');
});

test('asks again after 100 ms at first, then after 200 ms times the root of the seconds gone by', async () => {
  const run = start([missing, missing, missing, missing, missing, there]);
  await outcome(run);
  const [a, b, c, d, e, f] = times(run);
  expect([a, b, c, d]).toEqual([0, 100, 200, 300]);
  expect(e).toBeCloseTo(300 + 200 * Math.sqrt(0.3), 6);
  expect(f).toBeCloseTo(e! + 200 * Math.sqrt(e! / 1000), 6);
  expect(run.attempts.map(({ seen, ready }) => [seen, ready])).toEqual([
    ...Array.from({ length: 5 }, () => ['404 NoSuchKey', false]),
    ['206', true],
  ]);
});

test('shortens the pause by up to a tenth', async () => {
  const run = start([missing, there], { random: () => 0.5 });
  await outcome(run);
  expect(times(run)).toEqual([0, 95]);
});

test('honours Retry-After, makes a last attempt just before the deadline, and ends exactly at it', async () => {
  const slow = (): FetchAnswer => reply(503, { 'retry-after': '2' }, s3Error('SlowDown'));
  const run = start([slow], { timeout: '5s' });
  const error = await outcome(run);
  expect(times(run)).toEqual([0, 2000, 4000, 4750]);
  expect(run.clock.now()).toBe(5000);
  expect(error).toMatchObject({
    code: 'NOT_READY',
    message: 'The file was not there within 5 s; seen: 503 × 4, last 503 SlowDown.',
    details: { attempts: 4, seen: { '503 SlowDown': 4 }, last: '503 SlowDown' },
  });
});

test('leaves a server that is overloaded alone for longer and longer, and not once it is well', async () => {
  const slow = (): FetchAnswer => reply(503, {}, s3Error('SlowDown'));
  const run = start([slow, slow, slow, missing, there]);
  await outcome(run);
  const [a, b, c, d, e] = times(run);
  expect([a, b, c, d]).toEqual([0, 500, 1500, 3500]);
  expect(e).toBeCloseTo(3500 + 200 * Math.sqrt(3.5), 6);
});

test('does not let a Retry-After reach past the deadline', async () => {
  const run = start([() => reply(429, { 'retry-after': '86400' })], { timeout: 1000 });
  expect(await outcome(run)).toMatchObject({ code: 'NOT_READY' });
  expect(times(run)).toEqual([0, 750]);
  expect(run.clock.now()).toBe(1000);
});

test('tells at the deadline all that it saw, and what last', async () => {
  const slow = { 'retry-after': '1' };
  const run = start(
    [
      () => reply(404, slow, s3Error('NoSuchKey')),
      () => reply(404, slow, s3Error('NoSuchKey')),
      () => reply(500, slow, s3Error('InternalError')),
      async () => Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
    ],
    { timeout: 3500 },
  );
  expect(await outcome(run)).toMatchObject({
    code: 'NOT_READY',
    message: 'The file was not there within 3.5 s; seen: 404 × 2, 500 × 1, ECONNRESET × 2, last ECONNRESET.',
  });
  expect(times(run).slice(0, 4)).toEqual([0, 1000, 2000, 3000]);
});

test('takes silence for an attempt that failed, after attemptTimeout', async () => {
  const run = start([never, there], { attemptTimeout: 3000 });
  expect(await outcome(run)).toMatchObject({ size: 42 });
  expect(times(run)[0]).toBe(0);
  expect(times(run)[1]).toBeCloseTo(3000 + 200 * Math.sqrt(3), 6);
  expect(run.attempts[0]).toEqual({ number: 1, elapsed: 3000, seen: 'timeout', ready: false });
  expect(run.sent[0]!.init.signal.aborted).toBe(true);
});

test('ends at the deadline even when the host never answers', async () => {
  const run = start([never], { timeout: 7000 });
  expect(await outcome(run)).toMatchObject({
    code: 'NOT_READY',
    message: 'The file was not there within 7 s; seen: timeout × 1.',
  });
  expect(run.clock.now()).toBe(7000);
});

test.each<[string, string, AnswerMaker]>([
  ['URL_EXPIRED', 'an expired URL', () => reply(403, {}, s3Error('AccessDenied', 'Request has expired'))],
  ['URL_REJECTED', 'a wrong signature', () => reply(403, {}, s3Error('SignatureDoesNotMatch'))],
  ['FILE_REDIRECTED', 'a redirect', () => reply(307, { location: 'https://elsewhere.example/' })],
  ['RANGE_IGNORED', 'a login page', () => reply(200, { 'content-type': 'text/html' }, '<html>Log in</html>')],
  ['INVALID_RANGE_RESPONSE', 'a 206 without Content-Range', () => reply(206)],
  [
    'FILE_HOST_UNTRUSTED',
    'a bad certificate',
    async () => Promise.reject(Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' })),
  ],
])('gives up at once with %s on %s', async (code, _, answer) => {
  const run = start([answer]);
  expect(await outcome(run)).toMatchObject({ code });
  expect(times(run)).toEqual([0]);
  expect(run.clock.now()).toBe(0);
});

test('tells an expired URL by the date of the server where the refusal does not say', async () => {
  const clock = new VirtualClock();
  const denied = (): FetchAnswer =>
    reply(403, { date: 'Tue, 25 Jan 2022 12:09:23 GMT' }, s3Error('AccessDenied'));
  const { fetch, sent } = fakeFetch(clock, denied);
  const signed = 'https://b.example/x.zip?X-Amz-Date=20220125T060923Z&X-Amz-Expires=21600';
  await expect(clock.settle(pollUntilReady(fetch, signed, { clock }))).rejects.toMatchObject({
    code: 'URL_EXPIRED',
  });
  expect(sent).toHaveLength(1);
});

test('sends nothing but a ranged GET without credentials, and follows nothing', async () => {
  const run = start([missing, missing, there]);
  await outcome(run);
  expect(run.sent).toHaveLength(3);
  for (const { url: asked, init } of run.sent) {
    expect(asked).toBe(url);
    expect(init.method).toBe('GET');
    expect(init.redirect).toBe('manual');
    expect(init.headers).toEqual({
      'accept-encoding': 'identity',
      connection: 'keep-alive',
      range: 'bytes=0-8388607',
    });
  }
});

test('takes 416 of an object without bytes for the file', async () => {
  const run = start([() => reply(416, { 'content-range': 'bytes */0', etag: '"d41d"' })]);
  expect(await outcome(run)).toMatchObject({ size: 0, etag: '"d41d"' });
  expect(run.sent).toHaveLength(1);
});

test('confirms a 416 that does not tell the size with a GET of the whole', async () => {
  const run = start([
    () => reply(416),
    () =>
      reply(200, { 'content-length': '0', etag: '"e"', 'last-modified': 'Tue, 25 Jan 2022 06:10:00 GMT' }),
  ]);
  expect(await outcome(run)).toMatchObject({
    size: 0,
    etag: '"e"',
    lastModified: 'Tue, 25 Jan 2022 06:10:00 GMT',
  });
  expect(run.sent.map(({ init }) => init.headers['range'])).toEqual(['bytes=0-8388607', undefined]);
  expect(run.sent[1]!.init).toMatchObject({ method: 'GET', redirect: 'manual' });
  expect(Object.keys(run.sent[1]!.init.headers)).toEqual(['accept-encoding', 'connection']);
});

test.each<[string, AnswerMaker]>([
  ['has bytes', () => reply(200, { 'content-length': '11' }, 'hello world')],
  ['does not tell its length', () => reply(200)],
  ['is not there', missing],
  ['is silent', async () => Promise.reject(new Error('gone'))],
])('keeps asking after such a 416 when the whole %s', async (_, whole) => {
  const run = start([() => reply(416), whole, there]);
  expect(await outcome(run)).toMatchObject({ size: 42 });
  expect(times(run)).toEqual([0, 0, 100]);
});

test.each<[string, AnswerMaker[]]>([
  ['instead of an error', [() => reply(416, { 'content-type': 'text/html' }, '<html>Log in</html>')]],
  [
    'when it is asked for the whole',
    [
      () => reply(416),
      () => reply(200, { 'content-type': 'text/html', 'content-length': '19' }, '<html>Log in</html>'),
    ],
  ],
])('a 416 that shows a web page %s makes no sense', async (_, answers) => {
  const run = start(answers);
  expect(await outcome(run)).toMatchObject({ code: 'INVALID_RANGE_RESPONSE' });
  expect(run.clock.now()).toBe(0);
});

const stalled = (): FetchAnswer => ({
  ...missing(),
  body: { [Symbol.asyncIterator]: () => ({ next: never }) } as never,
});

test('takes an error whose body stalls for what its status says, and drops it', async () => {
  const run = start([stalled, there]);
  await outcome(run);
  expect(run.attempts.map(({ seen }) => seen)).toEqual(['404', '206']);
  expect(run.sent[0]!.init.signal.aborted).toBe(true);
  expect(times(run)[1]).toBeLessThan(2300);
});

test('takes an error whose body breaks for what its status says', async () => {
  const broken = async (): Promise<never> =>
    Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
  const answer = { ...missing(), body: { [Symbol.asyncIterator]: () => ({ next: broken }) } };
  const run = start([() => answer, there]);
  await outcome(run);
  expect(run.attempts.map(({ seen }) => seen)).toEqual(['404', '206']);
});

test('ends exactly at the deadline also when the body of an error stalls over it', async () => {
  const run = start([stalled], { timeout: '2500ms' });
  expect(await outcome(run)).toMatchObject({
    code: 'NOT_READY',
    message: 'The file was not there within 2.5 s; seen: 404 × 2.',
  });
  expect(run.clock.now()).toBe(2500);
  expect(run.clock.pending).toBe(0);
});

test.each<[string, (controller: AbortController) => void]>([
  ['an abort', (controller) => { controller.abort(); }],
  ['an error of the caller', () => { throw new Error('from onAttempt'); }],
])('an opening that comes with %s is dropped at once', async (_, interrupt) => {
  const controller = new AbortController();
  const run = start([there], { signal: controller.signal, onAttempt: () => { interrupt(controller); } });
  await expect(run.promise).rejects.toThrow(/Aborted|from onAttempt/);
  expect(run.sent[0]!.init.signal.aborted).toBe(true);
  await run.clock.until(0);
  expect(run.clock.pending).toBe(0);
}); // prettier-ignore

test('a FAILED export ends the wait at once', async () => {
  const errors = [
    { id: 'job-1', stack: 'Error: out of disk\n  at worker.js:1' },
    { id: 'job-2', stack: 'Bearer abcdefgh' },
  ];
  const run = start([() => reply(404, { 'retry-after': '600' })], {
    deliveryStatus: async () => Promise.resolve({ status: 'FAILED', errors }),
  });
  expect(await outcome(run)).toMatchObject({
    code: 'EXPORT_FAILED',
    message:
      'The server reported that the export failed: job-1: Error: out of disk; job-2: Bearer [redacted].',
  });
  expect(times(run)).toEqual([0]);
  expect(run.clock.now()).toBe(0);
  expect(run.clock.pending).toBe(0);
});

test.each([undefined, null, 'out of disk', [{}], [{ id: 'job-1' }]])(
  'a FAILED export is one, whatever it says of its errors: %j',
  async (errors) => {
    const run = start([missing], {
      deliveryStatus: async () => Promise.resolve({ status: 'FAILED', errors } as never),
    });
    expect(await outcome(run)).toMatchObject({ code: 'EXPORT_FAILED' });
  },
);

test('DELIVERED wakes the polling, but only the file ends the wait', async () => {
  const statuses = ['QUEUED', 'SOMETHING_NEW', 'DELIVERED'];
  const asked: number[] = [];
  const run: Run = start([() => reply(404, { 'retry-after': '60' }), missing, there], {
    deliveryStatus: async () => {
      asked.push(run.clock.now());
      return Promise.resolve({ status: statuses[asked.length - 1]!, errors: [] });
    },
  });
  expect(await outcome(run)).toMatchObject({ size: 42 });
  expect(asked).toEqual([0, 1000, 2000]);
  expect(times(run).slice(0, 2)).toEqual([0, 2000]);
  // From now on it is looked for as at the beginning.
  expect(times(run)[2]).toBe(2100);
});

test('does not ask for the status of a file that is there at the first look', async () => {
  let asked = 0;
  const run = start([there], { deliveryStatus: async () => ((asked += 1), never()) });
  expect(await outcome(run)).toMatchObject({ size: 42 });
  expect(asked).toBe(0);
});

test.each<[string, NonNullable<WaitOptions['deliveryStatus']>]>([
  ['hangs', never],
  ['fails', async () => Promise.reject(new Error('Cannot query field'))],
  [
    'throws',
    () => {
      throw new Error('boom');
    },
  ],
  ['says NONE', async () => Promise.resolve({ status: 'NONE', errors: [] })],
  ['resolves with nothing', async () => Promise.resolve(null as never)],
  ['resolves with something else', async () => Promise.resolve({ status: 7 } as never)],
])('a status query that %s loses nothing and delays nothing', async (_, deliveryStatus) => {
  const run = start([missing, missing, there], { deliveryStatus });
  expect(await outcome(run)).toMatchObject({ size: 42 });
  expect(times(run)).toEqual([0, 100, 200]);
  (await run.promise).close();
  expect(run.clock.pending).toBe(0);
});

test('a status query that hangs is asked again after four seconds', async () => {
  const asked: number[] = [];
  const run: Run = start([() => reply(404, { 'retry-after': '60' })], {
    timeout: '30s',
    deliveryStatus: async () => {
      asked.push(run.clock.now());
      return never();
    },
  });
  expect(await outcome(run)).toMatchObject({ code: 'NOT_READY' });
  expect(asked[0]).toBe(0);
  expect(asked[1]).toBeCloseTo(4000 + 1000 * Math.sqrt(4), 6);
});

async function microtasks(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

test.each<[string, AnswerMaker]>([
  ['between two attempts', missing],
  ['during a request', never],
])('an abort %s ends the wait in the same turn and for good', async (_, answer) => {
  const controller = new AbortController();
  const run = start([answer], { signal: controller.signal, deliveryStatus: never });
  await run.clock.until(50);
  let error: unknown = null;
  run.promise.catch((reason: unknown) => (error = reason));
  controller.abort();
  await microtasks();
  expect(error).toMatchObject({ code: 'ABORTED', name: 'AbortError' });
  expect(run.sent[0]!.init.signal.aborted).toBe(true);
  await run.clock.until(100_000);
  expect(times(run)).toEqual([0]);
  expect(run.clock.pending).toBe(0);
});

test('a signal that has fired before sends nothing', async () => {
  const run = start([there], { signal: AbortSignal.abort() });
  expect(await outcome(run)).toMatchObject({ code: 'ABORTED' });
  expect(run.sent).toEqual([]);
});

test.each([['0s'], ['-1s'], ['forever'], ['25d'], [0], [Infinity]])(
  'refuses a timeout of %p before it asks',
  async (timeout) => {
    const run = start([there], { timeout });
    expect(await outcome(run)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(run.sent).toEqual([]);
  },
);

test('refuses an unsafe URL before it asks', async () => {
  const clock = new VirtualClock();
  const { fetch, sent } = fakeFetch(clock, there);
  await expect(pollUntilReady(fetch, 'http://example.com/a.zip', { clock })).rejects.toMatchObject({
    code: 'FILE_URL_REFUSED',
  });
  expect(sent).toEqual([]);
  expect(
    await pollUntilReady(fetch, 'http://example.com/a.zip', { clock, allowInsecureHttp: true }),
  ).toMatchObject({ size: 42 });
});
