import { expect, it } from '@jest/globals';
import { contenders } from '../../bench/transfer/contenders.mjs';
import { planOf, roomFor, runsAgain, type Cell } from '../../bench/transfer/plan.mjs';
import { readWishes } from '../../bench/transfer/wishes.mjs';

function plan(...args: string[]): Cell[] {
  const wishes = readWishes(args);
  if (typeof wishes === 'string') throw new Error(wishes);
  return planOf(wishes);
}
const titles = (...args: string[]): string[] => plan(...args).map(({ title }) => title);

it('measures 4 GiB only when asked for everything, and nothing of 1 GiB when in a hurry', () => {
  expect(titles().filter((title) => title.includes('GiB'))).toEqual([
    '1 GiB http',
    '1 GiB https',
    '1 GiB packed http',
    'flat memory 1 GiB',
  ]);
  expect(titles('--full')).toEqual([...titles(), 'flat memory 4 GiB']);
  expect(titles('--quick')).toEqual(titles().filter((title) => !title.includes('GiB')));
  expect(Math.max(...plan('--quick').map(({ rounds }) => rounds))).toBe(3);
});

it('finds cells by a part of their title that ends where a word ends', () => {
  expect(titles('--only', '1 GiB http')).toEqual(['1 GiB http']);
  expect(titles('--only', '1 gib')).toEqual([
    '1 GiB http',
    '1 GiB https',
    '1 GiB packed http',
    'flat memory 1 GiB',
  ]);
  expect(titles('--only', 'cold', '--only', '10 kB https')).toEqual(['cold start', '10 kB https']);
  expect(titles('--only', 'gi')).toEqual([]);
});

it('keeps the baseline, whoever else is wanted, and runs everyone as often as told', () => {
  expect(plan('--only', '1 GiB https', '--with', 'cli,fetch', '--rounds', '7')).toMatchObject([
    { contenders: ['curl', 'cli', 'fetch'], rounds: 7, scheme: 'https' },
  ]);
});

it('knows whether its results are all there is', () => {
  const partial = (...args: string[]): unknown => readWishes(args);
  expect([partial(), partial('--full'), partial('--rounds', '3')]).toMatchObject(
    Array(3).fill({ partial: false }),
  );
  expect([partial('--quick'), partial('--only', 'cold'), partial('--with', 'cli')]).toMatchObject(
    Array(3).fill({ partial: true }),
  );
});

it.each([['--with', 'wget'], ['--rounds', '0'], ['--quick', '--full'], ['--fast'], ['1 GiB']])(
  'refuses %s %s',
  (...args) => {
    expect(readWishes(args)).toEqual(expect.stringContaining('npm run bench --'));
  },
);

it('names only contenders that exist', () => {
  const named = plan('--full').flatMap((cell) => [...cell.contenders, ...cell.once]);
  expect(Object.keys(contenders)).toEqual(expect.arrayContaining(named));
  expect(new Set(named)).toEqual(new Set(Object.keys(contenders)));
});

it('runs again whoever is neither slow nor meant to run once', () => {
  const series = (id: string, ...seconds: number[]): Parameters<typeof runsAgain>[1] => ({
    id,
    name: id,
    runs: seconds.map((one) => ({ seconds: one, cpuSeconds: 1, peakMegabytes: 1 })),
  });
  const cell = { once: ['axios'] };
  expect(runsAgain(cell, series('axios'))).toBe(true);
  expect(runsAgain(cell, series('axios', 1))).toBe(false);
  expect(runsAgain(cell, series('curl', 7.9))).toBe(true);
  expect(runsAgain(cell, series('curl', 8.1))).toBe(false);
});

it('keeps archives only where it is told', () => {
  expect(readWishes([])).toMatchObject({ objects: null });
  expect(readWishes(['--objects', '/dev/shm/kept'])).toMatchObject({
    objects: '/dev/shm/kept',
    partial: false,
  });
});

it('knows how much room its cells need: each archive once, and one copy at a time', () => {
  const room = (...args: string[]): number => roomFor(plan(...args)) / 1e9;
  expect(room('--only', 'flat memory 100 MB')).toBeCloseTo(0.267, 2);
  expect(room('--only', '1 GiB')).toBeCloseTo(3 * 1.0748 + 0.067, 2);
  expect(room('--full') - room()).toBeGreaterThan(2 * 4.29 - 1.08);
});
