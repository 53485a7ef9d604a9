/** Many waits for one host in one process. */
import { getEventListeners } from 'node:events';
import { expect, test } from '@jest/globals';
import { pollUntilReady, onAbort, type FetchAnswer, type RangeFetch } from '../../src/readiness/index.js';
import { attemptsPerOrigin, lineUp } from '../../src/readiness/attempt-slots.js';
import { missing, there } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

const never = async (): Promise<never> => new Promise(() => undefined);
const many = attemptsPerOrigin + 6;

/** Counts the requests under way, per host. */
function crowdedFetch(answer: (url: URL) => FetchAnswer | Promise<FetchAnswer>): {
  fetch: RangeFetch;
  begun: string[];
} {
  const begun: string[] = [];
  const fetch: RangeFetch = async (url) => {
    begun.push(new URL(url).host);
    return answer(new URL(url));
  };
  return { fetch, begun };
}

interface Ended {
  code: string;
  at: number;
  message: string;
}

async function endings(clock: VirtualClock, waits: Promise<unknown>[]): Promise<Ended[]> {
  return Promise.all(
    waits.map(async (wait) =>
      wait.then(
        () => ({ code: 'ready', at: clock.now(), message: '' }),
        (error: unknown) => ({ ...(error as Ended), at: clock.now(), message: (error as Error).message }),
      ),
    ),
  );
}

test('makes at most 64 attempts at a time for one origin; the others have their full time once it is their turn', async () => {
  const clock = new VirtualClock();
  const { fetch, begun } = crowdedFetch(never);
  const waits = Array.from({ length: many }, async (_, index) =>
    pollUntilReady(fetch, `https://crowd.example/${index}.zip`, { clock, timeout: '15s' }),
  );
  const elsewhere = pollUntilReady(fetch, 'https://other.example/a.zip', { clock, timeout: '15s' });
  const all = endings(clock, [...waits, elsewhere]);
  await clock.until(9000);
  expect(begun.filter((host) => host === 'crowd.example')).toHaveLength(64);
  expect(begun.filter((host) => host === 'other.example')).toHaveLength(1);
  await clock.until(10_000);
  expect(begun.filter((host) => host === 'crowd.example')).toHaveLength(many);
  const found = await clock.settle(all);
  expect(found.map(({ code, at }) => [code, at])).toEqual(
    Array.from({ length: many + 1 }, () => ['NOT_READY', 15_000]),
  );
  expect(clock.pending).toBe(0);
});

test('keeps deadline and abort exact for those in line', async () => {
  const clock = new VirtualClock();
  const { fetch, begun } = crowdedFetch(never);
  const stop = new AbortController();
  const first = Array.from({ length: 64 }, async () =>
    pollUntilReady(fetch, 'https://line.example/a', { clock, timeout: '9s' }),
  );
  const short = pollUntilReady(fetch, 'https://line.example/b', { clock, timeout: '5s' });
  const aborted = pollUntilReady(fetch, 'https://line.example/c', { clock, signal: stop.signal });
  const all = endings(clock, [short, aborted, ...first]);
  await clock.until(2000);
  stop.abort();
  const [late, gone] = await clock.settle(all);
  expect(late).toMatchObject({
    code: 'NOT_READY',
    at: 5000,
    message: 'The file was not there within 5 s; seen: nothing, no attempt had its turn.',
  });
  expect(gone).toMatchObject({ code: 'ABORTED', at: 2000 });
  expect(begun).toHaveLength(64);
  expect(clock.pending).toBe(0);
});

test('an opening keeps its place until it is taken or dropped', async () => {
  const clock = new VirtualClock();
  const { fetch, begun } = crowdedFetch(there);
  const wait = async () => pollUntilReady(fetch, 'https://opened.example/a', { clock });
  const files = await Promise.all(Array.from({ length: 64 }, wait));
  const next = [wait(), wait(), wait()];
  await clock.until(500);
  expect(begun).toHaveLength(64);
  files[0]!.takeOpening();
  await clock.until(500);
  expect(begun).toHaveLength(65);
  files[1]!.close();
  await clock.until(500);
  expect(begun).toHaveLength(66);
  // The rest is dropped after a second.
  await clock.until(1000);
  expect(begun).toHaveLength(67);
  for (const file of await Promise.all(next)) file.close();
  expect(clock.pending).toBe(0);
});

test('lets everyone have a turn who is still there', async () => {
  const clock = new VirtualClock();
  let looks = 0;
  const { fetch } = crowdedFetch(() => (++looks > 500 ? there() : missing()));
  const waits = Array.from({ length: 300 }, async () => {
    const file = await pollUntilReady(fetch, 'https://turns.example/a', { clock });
    file.takeOpening();
  });
  expect((await clock.settle(endings(clock, waits))).filter(({ code }) => code !== 'ready')).toEqual([]);
});

test('looks at no more than 64 delivery statuses at a time', async () => {
  const clock = new VirtualClock();
  const { fetch } = crowdedFetch(missing);
  const stop = new AbortController();
  let looks = 0;
  const deliveryStatus = async (): Promise<never> => ((looks += 1), never());
  const waits = Array.from({ length: 100 }, async (_, index) =>
    pollUntilReady(fetch, `https://host-${index}.example/a`, { clock, deliveryStatus, signal: stop.signal }),
  );
  const all = endings(clock, waits);
  await clock.until(3000);
  expect(looks).toBe(64);
  await clock.until(5000);
  expect(looks).toBe(100);
  stop.abort();
  expect(new Set((await all).map(({ code }) => code))).toEqual(new Set(['ABORTED']));
  expect(clock.pending).toBe(0);
});

test('a place is given back once, and goes to the one who has waited longest', async () => {
  const tickets = Array.from({ length: 67 }, () => lineUp('https://places.example'));
  const inside: number[] = [];
  tickets.forEach(({ granted }, index) => void granted.then(() => inside.push(index)));
  const turn = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  await turn();
  expect(inside).toHaveLength(64);
  tickets[64]!.leave();
  tickets[3]!.leave();
  tickets[3]!.leave();
  await turn();
  expect(inside.slice(64)).toEqual([65]);
  tickets[65]!.leave();
  await turn();
  expect(inside.slice(64)).toEqual([65, 66]);
  for (const ticket of tickets) ticket.leave();
  const again = lineUp('https://places.example');
  await again.granted;
  again.leave();
});

test('an abort is told to everyone who still wants to know, once', () => {
  const controller = new AbortController();
  const { signal } = controller;
  const told: string[] = [];
  const stop = onAbort(signal, () => told.push('a'));
  onAbort(signal, () => {
    told.push('b');
    // Who stops listening in the middle of it is not told.
    stopLast();
  });
  const same = (): void => void told.push('same');
  onAbort(signal, same);
  const stopSame = onAbort(signal, same);
  const stopLast = onAbort(signal, () => told.push('last'));
  stop();
  stop();
  stopSame();
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  controller.abort();
  expect(told).toEqual(['b', 'same']);
  onAbort(signal, () => told.push('late'));
  expect(told).toEqual(['b', 'same', 'late']);
  onAbort(undefined, () => told.push('never'))();
  expect(told).toHaveLength(3);
  const other = new AbortController();
  onAbort(other.signal, same)();
  expect(getEventListeners(other.signal, 'abort')).toEqual([]);
});
