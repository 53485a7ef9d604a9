import { expect, it } from '@jest/globals';
import { chart, panelsOf } from '../../bench/transfer/chart.mjs';
import { barsText, cellText, reportText, table } from '../../bench/transfer/table.mjs';
import { cellOf } from './results.js';

it('aligns a table, the first column to the left', () => {
  expect(
    table([
      ['', 'wall s'],
      ['curl', '1'],
      ['a longer name', '12.5'],
    ]),
  ).toBe(
    [
      '|               | wall s |',
      '| ------------- | -----: |',
      '| curl          |      1 |',
      '| a longer name |   12.5 |',
    ].join('\n'),
  );
});

it('shows medians, the spread, and ratios to the baseline', () => {
  const text = cellText(cellOf('1 GiB http', { curl: [2, 2, 2], library: [2, 3, 40], axios: [] }));
  const line = (name: string): string[] | undefined =>
    text
      .split('\n')
      .find((one) => one.startsWith(`| ${name}`))
      ?.split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  expect(text).toContain('### 1 GiB http');
  expect(text).toContain('÷ curl');
  expect(line('curl')).toEqual(['curl', '2.00', '2.00 – 2.00', '1.00', '1.00', '50', '3']);
  expect(line('library')).toEqual(['library', '3.00', '2.00 – 40.00', '1.50', '1.50', '50', '3']);
  expect(line('axios')).toEqual(['axios', '–', '–', '–', '–', '–', '0']);
});

it('shows no figure of an invalid cell', () => {
  const text = cellText(cellOf('10 MB http', { curl: [1.25] }, { invalid: 'fetch: it left other bytes' }));
  expect(text).toContain('INVALID');
  expect(text).toContain('fetch: it left other bytes');
  expect(text).not.toContain('1.25');
});

it('shows each bar with its verdict', () => {
  const text = barsText([
    { text: 'memory, MB', measured: 131.4, limit: 130, verdict: 'fail' },
    { text: 'ratio', measured: null, limit: 1.3, verdict: 'not measured' },
  ]);
  expect(text).toMatch(/\| memory, MB +\| +131\.4 \| +≤ 130 \| +\*\*FAIL\*\* \|/);
  expect(text).toMatch(/\| ratio +\| +– \| +≤ 1.3 \| not measured \|/);
});

it('names the machine and no date in the report', () => {
  const machine = {
    cores: 2,
    processor: 'a processor',
    memoryGigabytes: 25,
    load: 0.25,
    disk: 'memory (/dev/shm)',
    node: '20.20.2',
    nginx: '1.22.1',
    curl: '7.88.1',
    aria2: '1.36.0',
  };
  const text = reportText({ machine, cells: [cellOf('10 kB http', { curl: [1] })], bars: [] });
  expect(text).toContain('2 cores (a processor), 25 GB of memory, load 0.3 before');
  expect(text).toContain('### 10 kB http');
  expect(text).not.toMatch(/\b20\d\d\b/);
});

it('draws bars as long as their values, and ours apart', () => {
  const cell = cellOf('1 GiB http', { curl: [1], fetch: [2] });
  cell.series.push({ ...cell.series[0]!, id: 'library', name: 'datasaur-export, <library>' });
  const panels = panelsOf([cell, cellOf('cold start', { node: [0.05] })]);
  expect(panels.map(({ title, bars }) => [title, ...bars.map(({ label }) => label)])).toEqual([
    ['1 GiB over http: seconds', '1.00', '2.00', '1.00'],
    ['1 GiB over http: peak memory, MB', '50', '50', '50'],
    ['Cold start: milliseconds', '50'],
  ]);
  const svg = chart(panels);
  const [curl, fetch, ours] = [...svg.matchAll(/<rect class="(\w+)".*? width="([\d.]+)"/g)];
  expect(Number(fetch?.[2])).toBeCloseTo(2 * Number(curl?.[2]), 0);
  expect([curl?.[1], fetch?.[1], ours?.[1]]).toEqual(['other', 'other', 'ours']);
  expect(svg).toContain('datasaur-export, &lt;library></text>');
  expect(svg).toContain('prefers-color-scheme: dark');
});

it('leaves out of the chart what does not count', () => {
  expect(panelsOf([cellOf('1 GiB http', { curl: [1] }, { invalid: 'x' })])).toEqual([]);
});
