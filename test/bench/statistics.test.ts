import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseUsage } from '../../bench/transfer/measure.mjs';
import { rotated, summarize } from '../../bench/transfer/statistics.mjs';

it('takes the middle value, or the mean of the two in the middle', () => {
  expect(summarize([9, 1, 2])).toEqual({ median: 2, min: 1, max: 9 });
  expect(summarize([4, 10, 1, 2])).toEqual({ median: 3, min: 1, max: 10 });
  expect(summarize([7])).toEqual({ median: 7, min: 7, max: 7 });
  expect(() => summarize([])).toThrow('nothing was measured');
});

it('leaves as many values on one side of the median as on the other', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
      const { median, min, max } = summarize(values);
      expect(values.filter((value) => value < median).length).toBeLessThanOrEqual(values.length / 2);
      expect(values.filter((value) => value > median).length).toBeLessThanOrEqual(values.length / 2);
      expect(values).toEqual(expect.arrayContaining([min, max]));
      expect(values.every((value) => value >= min && value <= max)).toBe(true);
    }),
  );
});

it('lets everyone start first in turn', () => {
  expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round).join(''))).toEqual([
    'abc',
    'bca',
    'cab',
    'abc',
  ]);
  expect(rotated([], 3)).toEqual([]);
});

it('reads what GNU time says', () => {
  expect(parseUsage('1000 0.25 1.50\n')).toEqual({ peakMegabytes: 1.024, cpuSeconds: 1.75 });
  expect(() => parseUsage('Command exited with non-zero status 1\n')).toThrow('GNU time said');
});
