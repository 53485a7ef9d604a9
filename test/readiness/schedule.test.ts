/** What the schedule promises, by the very simulation whose figures docs/waiting.md shows. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { chart, table } from '../../bench/schedule/report.js';
import {
  generator,
  leastProduct,
  mean,
  others,
  ours,
  readyTimes,
  settings,
  shortest,
  wait,
} from '../../bench/schedule/simulation.js';
import { intervalAt, nextDelay } from '../../src/readiness/schedule.js';

const times = readyTimes(3000, generator(1));

describe('the schedule', () => {
  test.each(Object.entries(settings))(
    'beats %s in lag and in requests with patience %d',
    (name, patience) => {
      const theirs = mean(others[name as keyof typeof settings], times);
      const found = mean(ours({ patience }), times);
      expect(found.lag).toBeLessThan(theirs.lag);
      expect(found.requests).toBeLessThan(theirs.requests);
    },
  );

  test('beats a fixed 2 s without any setting, whatever the dice', () => {
    expect(settings['fixed 2 s']).toBe(1);
    for (const seed of [1, 2, 3, 4, 5]) {
      const sample = readyTimes(1000, generator(seed));
      const theirs = mean(others['fixed 2 s'], sample);
      const found = mean(ours(), sample, seed);
      expect(found.lag).toBeLessThan(theirs.lag);
      expect(found.requests).toBeLessThan(theirs.requests);
    }
  });

  test('knows of a file within a tenth of its ready time and 100 ms', () => {
    const late = (ready: number, random: () => number): boolean =>
      wait(ours(), ready, random).lag > ready / 10 + 100 + 1e-6;
    const shaken = generator(5);
    const all = [...Array.from({ length: 3000 }, (_, index) => 10 * index + 1), ...times];
    expect(all.filter((ready) => late(ready, () => 0))).toEqual([]);
    expect(all.filter((ready) => late(ready, shaken))).toEqual([]);
  });

  test('is within a sixth, in lag and in requests, of the best there can be', () => {
    const { lag, requests } = mean(ours(), times);
    expect(Math.sqrt(((lag / 1000) * requests) / leastProduct())).toBeLessThan(7 / 6);
  });

  test('trades lag for requests with patience, in proportion', () => {
    const costs = [0.5, 1, 2, 4].map((patience) => mean(ours({ patience }), times));
    costs.slice(1).forEach((cost, index) => {
      expect(cost.lag / costs[index]!.lag).toBeGreaterThan(1.7);
      expect(cost.requests / costs[index]!.requests).toBeLessThan(0.6);
    });
  });

  test.each([5000, 60_000, 600_000])(
    'finds what comes around the expected %d ms sooner, for no more requests',
    (expected) => {
      const random = generator(3);
      // Two thirds within a quarter of the expected time.
      const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const around = Array.from({ length: 500 }, () => expected * Math.exp(0.25 * normal()));
      const blind = mean(ours(), around);
      const told = mean(ours({ expected }), around);
      expect(told.lag).toBeLessThan(0.6 * blind.lag);
      expect(told.requests).toBeLessThan(blind.requests);
    },
  );

  test('is denser around what is expected, sparser well before, and as ever afterwards', () => {
    expect(intervalAt(16_000)).toBeCloseTo(800, 6);
    expect(intervalAt(16_000, { expected: 40_000 })).toBeCloseTo(1600, 6);
    expect(intervalAt(16_000, { expected: 32_000 })).toBeCloseTo(400, 6);
    expect(intervalAt(16_000, { expected: 8000 })).toBeCloseTo(400, 6);
    expect(intervalAt(16_000, { expected: 7000 })).toBeCloseTo(800, 6);
    expect(intervalAt(16_000, { patience: 3, expected: 7000 })).toBeCloseTo(2400, 6);
    expect(intervalAt(0, { patience: 1e-9 })).toBe(100);
  });

  const paces = fc.record({
    patience: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    expected: fc.option(fc.double({ min: 1, max: 2 ** 31, noNaN: true })),
  });

  test('never reaches past the deadline, and gets there', () => {
    const run = fc.record({
      pace: paces,
      timeout: fc.double({ min: 1, max: 100_000, noNaN: true }),
      seed: fc.integer({ min: 1 }),
      retryAfter: fc.option(fc.integer({ min: 0, max: 100_000 })),
      overloads: fc.nat(40),
    });
    fc.assert(
      fc.property(run, ({ pace, timeout, seed, retryAfter, overloads }) => {
        const random = generator(seed);
        let elapsed = 0;
        let attempts = 0;
        let past = false;
        for (; timeout - elapsed >= 1; attempts += 1) {
          const moment = { elapsed, remaining: timeout - elapsed, retryAfter, random: random(), overloads };
          const delay = nextDelay({ ...moment, ...pace });
          elapsed += delay;
          past ||= delay <= 0 || elapsed > timeout + 1e-6;
        }
        expect(past).toBe(false);
        expect(attempts).toBeLessThan(timeout / 85 + 4);
      }),
    );
  });

  test('is only ever shortened by chance, and by no more than a tenth', () => {
    const elapsed = fc.double({ min: 0, max: 1e9, noNaN: true });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(paces, elapsed, random, (pace, at, chance) => {
        const delay = nextDelay({
          elapsed: at,
          remaining: Infinity,
          retryAfter: null,
          random: chance,
          ...pace,
        });
        expect(delay).toBeLessThanOrEqual(intervalAt(at, pace));
        expect(delay).toBeGreaterThanOrEqual(intervalAt(at, pace) * 0.9 - 1e-9);
      }),
    );
  });
});

describe('the simulation', () => {
  test('counts the first attempt and the last', () => {
    expect(
      wait(
        () => 100,
        250,
        () => 0,
      ),
    ).toEqual({ lag: 50, requests: 4 });
    expect(
      wait(
        () => 100,
        0,
        () => 0,
      ),
    ).toEqual({ lag: 0, requests: 1 });
  });

  test('spreads ready times evenly over the decades', () => {
    expect(Math.min(...times)).toBeGreaterThanOrEqual(shortest);
    expect(Math.max(...times)).toBeLessThanOrEqual(1_800_000);
    const perDecade = [100, 1000, 10_000, 100_000].map(
      (from) => times.filter((time) => time >= from && time < 10 * from).length,
    );
    for (const count of perDecade.slice(0, 3)) expect(Math.abs(count - 705)).toBeLessThan(3);
  });

  test('is shown in the documentation as it is', () => {
    expect(readFileSync('docs/schedule.svg', 'utf8')).toBe(chart());
    expect(readFileSync('docs/waiting.md', 'utf8')).toContain(table().trim());
  });
});
