/** How waits end that do not find the file: triage of 403, DELIVERED without a file, expiry. */
import { describe, expect, test } from '@jest/globals';
import {
  pollUntilReady,
  type DeliveryStatusSource,
  type FetchAnswer,
  type RemoteFile,
  type WaitOptions,
} from '../../src/readiness/index.js';
import { fakeFetch, missing, reply, s3Error, there, type Sent } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

type AnswerMaker = (init: Sent['init']) => FetchAnswer | Promise<FetchAnswer>;
const plainUrl = 'https://bucket.s3.amazonaws.com/a/b.zip?X-Amz-Signature=s3cr3t';
const denied = (): FetchAnswer => reply(403, {}, s3Error('AccessDenied', 'Access Denied'));
const slow = (): FetchAnswer => reply(503, {}, s3Error('SlowDown'));
const never = async (): Promise<never> => new Promise(() => undefined);

interface Options extends Omit<WaitOptions, 'clock'> {
  url?: string;
  clock?: VirtualClock;
}

interface Run {
  promise: Promise<RemoteFile>;
  clock: VirtualClock;
  sent: Sent[];
}

/** Answers as `answer` says for the time, in ms since the beginning. */
function start(
  answer: (at: number) => AnswerMaker,
  { url = plainUrl, clock = new VirtualClock(), ...options }: Options = {},
  status?: (at: number) => string | null,
): Run {
  const { fetch, sent } = fakeFetch(clock, async (init) => answer(clock.now())(init));
  const deliveryStatus: DeliveryStatusSource = async () => {
    const found = status!(clock.now());
    if (found === null) throw new Error('Cannot query field');
    return Promise.resolve({ status: found, errors: [] });
  };
  const promise = pollUntilReady(fetch, url, {
    clock,
    random: () => 0,
    ...(status === undefined ? {} : { deliveryStatus }),
    ...options,
  });
  promise.catch(() => undefined);
  return { promise, clock, sent };
}

/** What the wait ends with, and when. */
async function end({
  promise,
  clock,
}: Run): Promise<{ code: string; message: string; hint: string; at: number }> {
  try {
    await clock.settle(promise);
  } catch (error) {
    expect(clock.pending).toBe(0);
    const { code, message, hint } = error as { code: string; message: string; hint: string };
    return { code, message, hint, at: clock.now() };
  }
  throw new Error('the file was found');
}

describe('a bare 403', () => {
  test('is borne to the deadline while the delivery status works and does not say DELIVERED', async () => {
    const ending = await end(
      start(
        () => denied,
        { timeout: '20m' },
        () => 'IN_PROGRESS',
      ),
    );
    expect(ending).toMatchObject({ code: 'NOT_READY', at: 1_200_000 });
    expect(ending.message).toMatch(
      /^The file was not there within 20 min; seen: 403 × \d+, last 403 AccessDenied\.$/,
    );
  });

  test.each<[string, ((at: number) => string | null) | undefined]>([
    ['there is no delivery status', undefined],
    ['the delivery status cannot be had', () => null],
  ])('is borne for five minutes where %s', async (_, status) => {
    const ending = await end(start(() => denied, { timeout: '20m' }, status));
    expect(ending.code).toBe('URL_REJECTED');
    expect(ending.at).toBeGreaterThanOrEqual(300_000);
    expect(ending.at).toBeLessThan(304_000);
    expect(ending.message).toMatch(
      /^The file host refused the URL for 5 min, and no delivery status says that the export is under way; seen: 403 × \d+, last 403 AccessDenied\.$/,
    );
    expect(ending.hint).toContain('Request the export again');
  });

  test('is borne for as long as forbiddenLimit says', async () => {
    const { code, at } = await end(start(() => denied, { forbiddenLimit: '10s' }));
    expect(code).toBe('URL_REJECTED');
    expect(at).toBeGreaterThanOrEqual(10_000);
    expect(at).toBeLessThan(10_700);
  });

  test('is borne however rarely the delivery status is asked for, as long as it is answered', async () => {
    const run = start(
      () => denied,
      { forbiddenLimit: '1s', timeout: '3m' },
      () => 'QUEUED',
    );
    expect(await end(run)).toMatchObject({ code: 'NOT_READY', at: 180_000 });
  });

  test('counts from when the delivery status was last heard of', async () => {
    const status = (at: number): string | null => (at < 100_000 ? 'QUEUED' : null);
    const { code, at } = await end(start(() => denied, { forbiddenLimit: '60s' }, status));
    expect(code).toBe('URL_REJECTED');
    expect(at).toBeGreaterThanOrEqual(150_000);
    expect(at).toBeLessThan(165_000);
  });

  test('is forgotten where a 404 shows that the store may say what it has', async () => {
    const { code, at } = await end(
      start((now) => (now > 8000 && now < 9000 ? missing : denied), {
        forbiddenLimit: '10s',
        timeout: '17s',
      }),
    );
    expect({ code, at }).toEqual({ code: 'NOT_READY', at: 17_000 });
  });

  test('is not forgotten over overload and silence', async () => {
    const { code, at } = await end(
      start((now) => (now > 5000 && now < 8000 ? slow : denied), { forbiddenLimit: '10s' }),
    );
    expect(code).toBe('URL_REJECTED');
    expect(at).toBeLessThan(11_000);
  });

  test('is still followed by the file', async () => {
    const { promise, clock } = start((now) => (now < 299_000 ? denied : there));
    expect(await clock.settle(promise)).toMatchObject({ size: 42 });
  });
});

describe('DELIVERED', () => {
  test.each<[string, AnswerMaker, string]>([
    ['404', missing, '404 NoSuchKey'],
    ['a bare 403', denied, '403 AccessDenied'],
  ])('followed by nothing but %s is an error of its own after half a minute', async (_, answer, last) => {
    const ending = await end(
      start(
        () => answer,
        {},
        (at) => (at < 5000 ? 'IN_PROGRESS' : 'DELIVERED'),
      ),
    );
    expect(ending.code).toBe('DELIVERED_WITHOUT_FILE');
    // The status is looked at after 0, 1, 2, 3.4, 5.3 s.
    expect(ending.at).toBeGreaterThanOrEqual(35_000);
    expect(ending.at).toBeLessThan(36_800);
    expect(ending.message).toMatch(
      /^The server reported the export as delivered, but there is no file behind its URL; seen: 40. × \d+, last /,
    );
    expect(ending.message).toContain(last);
    expect(ending.hint).toContain('tell Datasaur');
  });

  test('is given as long as deliveredGrace says', async () => {
    const { code, at } = await end(
      start(
        () => missing,
        { deliveredGrace: '3s' },
        () => 'DELIVERED',
      ),
    );
    expect(code).toBe('DELIVERED_WITHOUT_FILE');
    expect(at).toBeGreaterThanOrEqual(3000);
    expect(at).toBeLessThan(3400);
  });

  test('is followed by the file within that time', async () => {
    const { promise, clock } = start(
      (now) => (now < 29_000 ? missing : there),
      {},
      () => 'DELIVERED',
    );
    expect(await clock.settle(promise)).toMatchObject({ size: 42 });
    expect(clock.now()).toBeLessThan(30_200);
  });

  test.each<[string, AnswerMaker]>([
    ['silence', never],
    ['overload', slow],
  ])('followed by %s ends at the deadline, since nobody said that the file is missing', async (_, answer) => {
    const ending = await end(
      start(
        (now) => (now < 1000 ? missing : answer),
        { timeout: '2m' },
        (at) => (at < 1000 ? 'QUEUED' : 'DELIVERED'),
      ),
    );
    expect(ending).toMatchObject({ code: 'DELIVERED_WITHOUT_FILE', at: 120_000 });
  });

  test('after silence the grace begins with the first answer', async () => {
    const { at, code } = await end(
      start(
        (now) => (now < 60_000 ? never : missing),
        { deliveredGrace: '5s' },
        () => 'DELIVERED',
      ),
    );
    expect(code).toBe('DELIVERED_WITHOUT_FILE');
    expect(at).toBeGreaterThan(64_000);
  });

  test('is told at a deadline that is nearer than the grace', async () => {
    const ending = await end(
      start(
        () => missing,
        { timeout: '10s' },
        () => 'DELIVERED',
      ),
    );
    expect(ending).toMatchObject({ code: 'DELIVERED_WITHOUT_FILE', at: 10_000 });
  });

  test('that nobody could look after is not held against the file', async () => {
    // The look at 1 s finds it delivered, while the only attempt since 0.1 s is still under way.
    const ending = await end(
      start(
        (now) => (now === 0 ? missing : never),
        { timeout: '1500ms' },
        (at) => (at < 1000 ? 'QUEUED' : 'DELIVERED'),
      ),
    );
    expect(ending).toMatchObject({ code: 'NOT_READY', at: 1500 });
  });
});

describe('a URL that expires before the deadline', () => {
  const signedAt = Date.UTC(2022, 0, 25, 6, 9, 23);
  const url = (seconds: number): string =>
    `https://b.example/x.zip?X-Amz-Date=20220125T060923Z&X-Amz-Expires=${seconds}&X-Amz-Signature=s3cr3t`;
  /** A server whose clock shows `ahead` ms more than is right, in whole seconds as always, and ours, which is `wrong`. */
  function expiring(ahead: number, wrong: number, options: Options, answer?: AnswerMaker): Run {
    const clock = new VirtualClock();
    const dated = (): FetchAnswer =>
      reply(404, { date: new Date(signedAt + clock.now() + ahead).toUTCString() }, s3Error('NoSuchKey'));
    const today = (): number => signedAt + clock.now() + wrong;
    return start(() => answer ?? dated, { clock, today, ...options });
  }

  test('ends the wait then, and says what to do', async () => {
    const ending = await end(expiring(0, 0, { url: url(60) }));
    expect(ending.code).toBe('URL_EXPIRED');
    expect(ending.message).toMatch(
      /^The presigned URL expired before the file was there; seen: 404 × \d+, last 404 NoSuchKey\.$/,
    );
    expect(ending.hint).toMatch(/^Request the export again for a fresh URL; .*however long you wait/);
    // `Date` has whole seconds, so up to one more than the second that is allowed for.
    expect(ending.at).toBeGreaterThanOrEqual(61_000);
    expect(ending.at).toBeLessThan(62_000);
  });

  test.each([
    ['an hour fast', 3_600_000],
    ['an hour slow', -3_600_000],
  ])('is judged by the clock of the server where ours is %s', async (_, wrong) => {
    const ending = await end(expiring(0, wrong, { url: url(60) }));
    expect(ending.code).toBe('URL_EXPIRED');
    expect(ending.at).toBeGreaterThanOrEqual(61_000);
    expect(ending.at).toBeLessThan(62_000);
  });

  test('that has expired already ends it after the first answer', async () => {
    const run = expiring(70_000, 70_000, { url: url(60) });
    expect(await end(run)).toMatchObject({ code: 'URL_EXPIRED', at: 0 });
    expect(run.sent).toHaveLength(1);
  });

  test('by our own clock alone, once somebody has answered without a Date', async () => {
    const run = expiring(0, 70_000, { url: url(60) }, missing);
    expect(await end(run)).toMatchObject({ code: 'URL_EXPIRED', at: 0 });
    const ahead = await end(expiring(0, 0, { url: url(60) }, missing));
    expect(ahead.code).toBe('URL_EXPIRED');
    expect(ahead.at).toBeCloseTo(61_000, 1);
  });

  test('has not expired because nobody answers and our clock says so', async () => {
    const gone: AnswerMaker = async () =>
      Promise.reject(Object.assign(new Error('x'), { code: 'ECONNRESET' }));
    const run = expiring(0, 70_000, { url: url(60), timeout: '30s' }, gone);
    expect(await end(run)).toMatchObject({ code: 'NOT_READY', at: 30_000 });
  });

  test('ends a silent wait about when it expires', async () => {
    const { code, at } = await end(expiring(0, 0, { url: url(60), timeout: '10m' }, never));
    expect(code).toBe('URL_EXPIRED');
    expect(at).toBeGreaterThanOrEqual(61_000);
    expect(at).toBeLessThanOrEqual(62_000);
  });

  test('may have expired and still bring the file', async () => {
    const run = expiring(0, 70_000, { url: url(60) }, () =>
      reply(206, { 'content-range': 'bytes 0-9/10', date: new Date(signedAt + 90_000).toUTCString() }),
    );
    expect(await run.clock.settle(run.promise)).toMatchObject({ size: 10 });
  });

  test('does not lengthen the wait', async () => {
    expect(await end(expiring(0, 0, { url: url(60), timeout: '20s' }))).toMatchObject({
      code: 'NOT_READY',
      at: 20_000,
    });
  });

  test('may be known from elsewhere, but the word of the URL itself wins', async () => {
    const expiresAt = new Date(signedAt + 30_000);
    const { at, code } = await end(expiring(0, 0, { expiresAt }));
    expect(code).toBe('URL_EXPIRED');
    expect(at).toBeGreaterThanOrEqual(31_000);
    expect(at).toBeLessThan(32_000);
    expect((await end(expiring(0, 0, { url: url(60), expiresAt }))).at).toBeGreaterThan(60_000);
    expect(await end(expiring(0, 0, { expiresAt: new Date(NaN), timeout: '40s' }))).toMatchObject({
      code: 'NOT_READY',
    });
  });
});

test.each([
  [{ patience: 0 }],
  [{ patience: -1 }],
  [{ patience: NaN }],
  [{ patience: Infinity }],
  [{ expected: 'soon' }],
  [{ deliveredGrace: '0s' }],
  [{ forbiddenLimit: -1 }],
])('refuses %j before it asks', async (options) => {
  const run = start(() => there, options);
  await expect(run.promise).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(run.sent).toEqual([]);
});

describe('an answer that a browser may not read', () => {
  const unreadable: AnswerMaker = async () =>
    Promise.reject(Object.assign(new TypeError('Failed to fetch'), { code: 'CORS' }));
  const down: AnswerMaker = async () => Promise.reject(new TypeError('Failed to fetch'));

  test('ends the wait after two seconds where none was read before, whatever the delivery status says', async () => {
    for (const status of [undefined, (): string => 'IN_PROGRESS', (): string => 'DELIVERED']) {
      const ending = await end(start(() => unreadable, {}, status));
      expect(ending.code).toBe('CORS_BLOCKED');
      expect(ending.at).toBeGreaterThanOrEqual(2000);
      expect(ending.at).toBeLessThan(2400);
      expect(ending.message).toMatch(
        /^The browser may not read the answers of the file host \(CORS\); seen: CORS × \d+\.$/,
      );
      expect(ending.hint).toContain('expose Content-Range');
    }
  });

  test('is borne for a moment: the network may have failed after all, or a proxy answered', async () => {
    const run = start((at) => (at < 1900 ? unreadable : there));
    expect(await run.clock.settle(run.promise)).toMatchObject({ size: 42 });
  });

  test('has to be all that comes for two seconds', async () => {
    const ending = await end(
      start((at) => (at >= 1500 && at < 2200 ? down : unreadable), { timeout: '20s' }),
    );
    expect(ending.code).toBe('CORS_BLOCKED');
    expect(ending.at).toBeGreaterThanOrEqual(4200);
    expect(ending.at).toBeLessThan(4900);
    const flapping = start((at) => (Math.floor(at / 1500) % 2 === 0 ? unreadable : down), { timeout: '9s' });
    expect(await end(flapping)).toMatchObject({ code: 'NOT_READY', at: 9000 });
  });

  test('is borne where others were read, as of a host that gives permission on some answers only', async () => {
    const some = start((at) => (at === 0 ? slow : at < 60_000 ? unreadable : there));
    expect(await some.clock.settle(some.promise)).toMatchObject({ size: 42 });
    const all = start((at) => (at < 1000 ? missing : unreadable), { timeout: '60s' });
    expect(await end(all)).toMatchObject({ code: 'CORS_BLOCKED', at: 60_000 });
  });

  test('is borne no longer than the missing file once it was delivered', async () => {
    const status = (at: number): string => (at < 20_000 ? 'IN_PROGRESS' : 'DELIVERED');
    const ending = await end(start((at) => (at < 20_000 ? missing : unreadable), {}, status));
    expect(ending.code).toBe('CORS_BLOCKED');
    expect(ending.at).toBeGreaterThanOrEqual(50_000);
    expect(ending.at).toBeLessThan(60_000);
  });

  test('ends a wait that is shorter than that too', async () => {
    expect(await end(start(() => unreadable, { timeout: 1000 }))).toMatchObject({
      code: 'CORS_BLOCKED',
      at: 1000,
    });
  });
});
