// @ts-check
import { largest } from './objects.mjs';

/**
 * One comparison: who fetches what, from where, how often.
 *
 * @typedef {object} Cell
 * @property {string} title
 * @property {import('./objects.mjs').ObjectName} object
 * @property {'http' | 'https'} scheme
 * @property {boolean} capped whether the server gives each connection 20 MB/s, or all it can
 * @property {string[]} contenders ids; the first one is what ratios refer to
 * @property {string[]} once ids of those that run once only, being slow or huge
 * @property {number} rounds
 */

const everyone = ['curl', 'aria2c', 'library', 'cli', 'fetch', 'cross-fetch', 'axios'];
const ours = ['library', 'cli'];

/** @type {(title: string, object: Cell['object'], more: Partial<Cell>) => Cell} */
const cell = (title, object, more) => ({
  title,
  object,
  scheme: 'http',
  capped: false,
  contenders: everyone,
  once: [],
  rounds: 5,
  ...more,
});

/** @type {(scheme: Cell['scheme']) => Cell[]} */
const overTheNetwork = (scheme) => [
  cell(`10 kB ${scheme}`, '10 kB', { scheme }),
  cell(`10 MB ${scheme}`, '10 MB', { scheme }),
  cell(`1 GiB ${scheme}`, '1 GiB', { scheme, once: ['axios'] }),
  cell(`200 MB at 20 MB/s ${scheme}`, '200 MB', {
    scheme,
    capped: true,
    contenders: ['curl', 'aria2c', ...ours],
    once: ['curl'],
  }),
];

/** @type {Cell[]} */
const allCells = [
  cell('cold start', '10 kB', { contenders: ['node', 'version', 'export'], rounds: 21 }),
  ...overTheNetwork('http'),
  ...overTheNetwork('https'),
  cell('1 GiB packed http', '1 GiB packed', { contenders: ['curl', ...ours] }),
  cell('flat memory 100 MB', '100 MB', { contenders: ours, rounds: 3 }),
  cell('flat memory 1 GiB', '1 GiB', { contenders: ours, rounds: 3 }),
  cell('flat memory 4 GiB', '4 GiB', { contenders: ours, rounds: 2 }),
];

/**
 * @typedef {object} Wishes
 * @property {boolean} quick three rounds, nothing of 1 GiB or more
 * @property {boolean} full also what takes minutes
 * @property {string[]} only parts of titles, any of which a cell must bear; none means all
 * @property {string[]} contenders ids; none means all. The baseline always runs.
 * @property {number | null} rounds instead of what the plan says
 */

/**
 * @param {Wishes} wishes
 * @returns {Cell[]}
 */
export function planOf({ quick, full, only, contenders, rounds }) {
  return allCells
    .filter(({ object }) => !(quick && object.includes('GiB')) && (full || object !== '4 GiB'))
    .filter(({ title }) => only.length === 0 || only.some((part) => bears(title, part)))
    .map((one) => ({
      ...one,
      contenders: one.contenders.filter(
        (id, index) => index === 0 || contenders.length === 0 || contenders.includes(id),
      ),
      rounds: rounds ?? (quick ? Math.min(one.rounds, 3) : one.rounds),
    }));
}

/**
 * Whether a title contains a part that ends where a word ends: `http` is not in `1 GiB https`.
 *
 * @param {string} title
 * @param {string} part
 */
function bears(title, part) {
  const [where, what] = [title.toLowerCase(), part.toLowerCase()];
  for (let at = where.indexOf(what); at !== -1; at = where.indexOf(what, at + 1)) {
    if (!/[a-z0-9]/.test(where[at + what.length] ?? '')) return true;
  }
  return false;
}

/**
 * How much is on the disk at most while these cells run, in bytes: all archives, and the file of one run at a time.
 *
 * @param {readonly Cell[]} cells
 */
export function roomFor(cells) {
  const sizes = [...new Set(cells.map(({ object }) => object))].map(largest);
  return sizes.reduce((sum, size) => sum + size, 0) + Math.max(0, ...sizes) + 2 ** 26;
}

/** What took longer than this, in seconds, is not run again: its figure is not the one that is in doubt. */
const slow = 8;

/**
 * Whether a contender runs in this round.
 *
 * @param {Pick<Cell, 'once'>} cell
 * @param {import('./results.mjs').Series} series what it has done so far
 */
export function runsAgain({ once }, { id, runs }) {
  const [first] = runs;
  return first === undefined || !(once.includes(id) || first.seconds > slow);
}
