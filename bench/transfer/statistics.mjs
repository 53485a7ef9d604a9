// @ts-check
/**
 * @typedef {object} Summary
 * @property {number} median
 * @property {number} min
 * @property {number} max
 */

/**
 * The median is what is compared: one disturbed run does not move it.
 *
 * @param {readonly number[]} values at least one
 * @returns {Summary}
 */
export function summarize(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new RangeError('nothing was measured');
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return { median: middle.reduce((sum, value) => sum + value, 0) / middle.length, min, max };
}

/**
 * The order of one round: everyone starts first once, so that nobody always follows the same neighbour.
 *
 * @template T
 * @param {readonly T[]} items
 * @param {number} round from 0
 * @returns {T[]}
 */
export function rotated(items, round) {
  const first = items.length === 0 ? 0 : round % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}
