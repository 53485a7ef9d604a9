import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextLaneCount, type Sample } from '../../src/transfer/lane-count.js';

const MB = 1_000_000;

/** How many connections a download ends with over a network on which so many bring so much. */
function settle(rateOf: (lanes: number) => number, { remaining = 10_000 * MB, most = 8 } = {}): number[] {
  const tried = [1];
  let before: Sample | null = null;
  for (let lanes = 1; ;) {
    const now: Sample = { lanes, rate: rateOf(lanes) };
    const next = nextLaneCount({ before, now, remaining, most });
    if (next.lanes !== lanes) tried.push(next.lanes);
    if (next.settled) return tried;
    before = now;
    lanes = next.lanes;
  }
}

test('each connection brings as much as the first: as many as may be', () => {
  expect(settle((lanes) => 20 * MB * lanes)).toEqual([1, 4, 8]);
  expect(settle((lanes) => 20 * MB * lanes, { most: 5 })).toEqual([1, 4, 5]);
  expect(settle((lanes) => 20 * MB * lanes, { most: 1 })).toEqual([1]);
});

test('a second connection brings nothing: one', () => {
  expect(settle(() => 100 * MB)).toEqual([1, 4, 1]);
  expect(settle((lanes) => 100 * MB - lanes * MB)).toEqual([1, 4, 1]);
});

test('what is faster than any network is the machine itself: one', () => {
  expect(settle((lanes) => 500 * MB * lanes)).toEqual([1]);
});

test('the line is full with four: four', () => {
  expect(settle((lanes) => Math.min(100 * MB, 25 * MB * lanes))).toEqual([1, 4, 8, 4]);
});

test('what is nearly there is left alone', () => {
  expect(settle((lanes) => 20 * MB * lanes, { remaining: 3 * MB })).toEqual([1]);
});

test('never more than may be, and settles', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(1_000_000_000), { minLength: 8 }),
      fc.integer({ min: 1, max: 32 }),
      (rates, most) => {
        const tried = settle((lanes) => rates[lanes % rates.length] ?? 0, { most });
        expect(Math.max(...tried)).toBeLessThanOrEqual(most);
      },
    ),
  );
});
