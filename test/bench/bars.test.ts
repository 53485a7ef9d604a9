import { expect, it } from '@jest/globals';
import { judge } from '../../bench/transfer/bars.mjs';
import type { CellResult } from '../../bench/transfer/results.mjs';
import { cellOf } from './results.js';

/** The verdicts on all bars that speak of this. */
function verdicts(about: string, ...cells: CellResult[]): string[] {
  return judge(cells)
    .filter(({ text }) => text.includes(about))
    .map(({ verdict }) => verdict);
}

it('compares the medians with those of curl', () => {
  const cell = (library: number): CellResult =>
    cellOf('1 GiB http', { curl: [1, 2, 9], library: [library], cli: [2] });
  expect(verdicts('1 GiB http: wall time of the library ÷ curl', cell(2.6))).toEqual(['pass']);
  expect(verdicts('1 GiB http: wall time of the library ÷ curl', cell(2.61))).toEqual(['fail']);
});

it('allows https more than http, and neither more than fetch', () => {
  const times = { curl: [1], library: [1.5], cli: [1.5], fetch: [1.4] };
  expect(verdicts('÷ curl', cellOf('1 GiB http', times), cellOf('1 GiB https', times))).toEqual([
    'fail',
    'fail',
    'pass',
    'pass',
  ]);
  expect(
    verdicts('1 GiB https: wall time of the library ÷ built-in fetch', cellOf('1 GiB https', times)),
  ).toEqual(['fail']);
});

it('compares parallel ranges with those of aria2c', () => {
  const cell = cellOf('200 MB at 20 MB/s http', { curl: [10], aria2c: [1], library: [1.15], cli: [1.16] });
  expect(verdicts('20 MB/s http:', cell)).toEqual(['pass', 'fail']);
});

it('takes the largest peak of any cell, and the growth from the smallest file to the largest', () => {
  const peaks = (title: string, peakMegabytes: number): CellResult =>
    cellOf(title, { library: [1], cli: [1] }, { peakMegabytes });
  const small = peaks('flat memory 100 MB', 100);
  expect(verdicts('any size: peak memory', small, peaks('10 kB http', 130))).toEqual(['pass', 'pass']);
  expect(verdicts('any size: peak memory', small, peaks('10 kB http', 131))).toEqual(['fail', 'fail']);
  const flat = [small, peaks('flat memory 1 GiB', 110)];
  expect(verdicts('flat memory', ...flat)).toEqual(['pass', 'pass']);
  expect(verdicts('flat memory', ...flat, peaks('flat memory 4 GiB', 120))).toEqual(['fail', 'fail']);
});

it('says what was not measured, and does not let an invalid cell pass', () => {
  const bars = judge([]);
  expect(bars.length).toBe(18);
  expect(new Set(bars.map(({ verdict }) => verdict))).toEqual(new Set(['not measured']));
  const cell = cellOf('cold start', { node: [1], version: [1], export: [1] }, { invalid: 'wrong bytes' });
  expect(verdicts('cold start', cell)).toEqual(['not measured', 'not measured']);
});
