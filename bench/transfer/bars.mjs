// @ts-check
import { ratioOf, summaryOf } from './results.mjs';

/**
 * @typedef {object} Bar
 * @property {string} text what must hold
 * @property {number | null} measured null where it was not measured
 * @property {number} limit the largest value that passes
 * @property {'pass' | 'fail' | 'not measured'} verdict
 */

const ours = /** @type {const} */ ([
  ['library', 'library'],
  ['cli', 'command line'],
]);

/**
 * Judges what was measured by what the project promises itself.
 *
 * @param {readonly import('./results.mjs').CellResult[]} cells
 * @returns {Bar[]}
 */
export function judge(cells) {
  const cell = (/** @type {string} */ title) => cells.find((one) => one.title === title);
  /** @type {Bar[]} */
  const bars = [];
  /** @type {(text: string, measured: number | null, limit: number) => void} */
  const add = (text, measured, limit) => {
    const verdict = measured === null ? 'not measured' : measured <= limit ? 'pass' : 'fail';
    bars.push({ text, measured, limit, verdict });
  };
  for (const [scheme, limit] of /** @type {const} */ ([
    ['http', 1.3],
    ['https', 1.6],
  ])) {
    const title = `1 GiB ${scheme}`;
    for (const [id, name] of ours) {
      add(`${title}: wall time of the ${name} ÷ curl`, ratioOf(cell(title), id, 'curl'), limit);
      add(`${title}: wall time of the ${name} ÷ built-in fetch`, ratioOf(cell(title), id, 'fetch'), 1);
    }
  }
  for (const scheme of ['http', 'https']) {
    const title = `200 MB at 20 MB/s ${scheme}`;
    for (const [id, name] of ours) {
      add(`${title}: wall time of the ${name} ÷ aria2c -x8`, ratioOf(cell(title), id, 'aria2c'), 1.15);
    }
  }
  const [small, ...larger] = ['100 MB', '1 GiB', '4 GiB'].map((size) => cell(`flat memory ${size}`));
  for (const [id, name] of ours) {
    const peaks = cells.flatMap((one) => summaryOf(one, id, 'peakMegabytes')?.max ?? []);
    add(`any size: peak memory of the ${name}, MB`, peaks.length === 0 ? null : Math.max(...peaks), 130);
    const base = summaryOf(small, id, 'peakMegabytes');
    const medians = larger.flatMap((one) => summaryOf(one, id, 'peakMegabytes')?.median ?? []);
    const growth = base === null || medians.length === 0 ? null : Math.max(...medians) / base.median;
    add(`flat memory: peak of the ${name}, largest file ÷ 100 MB`, growth, 1.15);
  }
  add('cold start: --version ÷ bare node', ratioOf(cell('cold start'), 'version', 'node'), 1.25);
  add('cold start: whole 10 kB export ÷ bare node', ratioOf(cell('cold start'), 'export', 'node'), 2);
  return bars;
}
