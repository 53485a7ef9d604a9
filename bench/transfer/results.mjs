// @ts-check
import { summarize } from './statistics.mjs';

/**
 * One process, from its start to its end.
 *
 * @typedef {object} Run
 * @property {number} seconds wall time
 * @property {number} cpuSeconds user and system time
 * @property {number} peakMegabytes the largest resident set, in 10^6 bytes
 *
 * @typedef {object} Series
 * @property {string} id of the contender
 * @property {string} name of the contender
 * @property {Run[]} runs
 *
 * @typedef {object} CellResult
 * @property {string} title
 * @property {string} baseline the id that ratios refer to
 * @property {Series[]} series
 * @property {string | null} invalid why the cell counts for nothing; null where it counts
 * @property {string[]} notes what was left out, and why
 *
 * @typedef {object} Results
 * @property {import('./machine.mjs').Machine} machine
 * @property {CellResult[]} cells
 * @property {import('./bars.mjs').Bar[]} bars
 */

/**
 * A quantity of one contender in one cell; null where the cell is invalid or the contender did not run.
 *
 * @param {CellResult | undefined} cell
 * @param {string} id
 * @param {keyof Run} quantity
 * @returns {import('./statistics.mjs').Summary | null}
 */
export function summaryOf(cell, id, quantity) {
  const runs = cell?.invalid === null ? cell.series.find((one) => one.id === id)?.runs : undefined;
  if (runs === undefined || runs.length === 0) return null;
  return summarize(runs.map((run) => run[quantity]));
}

/**
 * The ratio of two contenders' medians; null where one of them is missing.
 *
 * @param {CellResult | undefined} cell
 * @param {string} id
 * @param {string} to
 * @param {keyof Run} quantity
 * @returns {number | null}
 */
export function ratioOf(cell, id, to, quantity = 'seconds') {
  const [one, other] = [summaryOf(cell, id, quantity), summaryOf(cell, to, quantity)];
  return one === null || other === null ? null : one.median / other.median;
}
