// @ts-check
import { mkdirSync, statSync } from 'node:fs';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { sha256Of } from './checksum.mjs';
import { contenders } from './contenders.mjs';
import { measure } from './measure.mjs';
import { runsAgain } from './plan.mjs';
import { rotated } from './statistics.mjs';
import { atExit, end, remove } from './teardown.mjs';

/**
 * What all runs share.
 *
 * @typedef {object} Site
 * @property {string} folder
 * @property {import('./tools.mjs').Tools} tools
 * @property {string} ca path of the certificate authority
 * @property {string} datasaur URL
 * @property {(text: string) => void} say
 *
 * @typedef {object} StoredObject
 * @property {string} url
 * @property {string} teamId
 * @property {number} bytes
 * @property {string} sha256
 */

/** What axios needs to hold 1 GiB twice, and some more. */
const roomForAll = 4e9;

/**
 * Runs one cell: rounds in which each contender runs once, in an order that rotates. A contender that fails, or leaves
 * another file than was asked for, makes the whole cell invalid.
 *
 * @param {import('./plan.mjs').Cell} cell
 * @param {StoredObject} object
 * @param {Site} site
 * @returns {Promise<import('./results.mjs').CellResult>}
 */
export async function compare(cell, object, site) {
  const [baseline = ''] = cell.contenders;
  /** @type {import('./results.mjs').CellResult} */
  const result = { title: cell.title, baseline, series: [], invalid: null, notes: [] };
  for (const id of cell.contenders) {
    if (id === 'axios' && object.bytes >= 1e9 && freemem() < roomForAll) {
      result.notes.push('axios was left out: it needs 4 GB of free memory here.');
    } else result.series.push({ id, name: contenders[id]?.name ?? id, runs: [] });
  }
  for (let round = 0; round < cell.rounds; round += 1) {
    for (const series of rotated(result.series, round)) {
      if (!runsAgain(cell, series)) continue;
      site.say(`${cell.title}: round ${round + 1} of ${cell.rounds}, ${series.name}`);
      try {
        series.runs.push(await runOnce(series, cell, object, site));
      } catch (error) {
        result.invalid = `${series.name}: ${error instanceof Error ? error.message : String(error)}`;
        return result;
      }
    }
  }
  return result;
}

/**
 * @param {import('./results.mjs').Series} series
 * @param {import('./plan.mjs').Cell} cell
 * @param {StoredObject} object
 * @param {Site} site
 */
async function runOnce({ id, runs }, { scheme }, { url, teamId, bytes, sha256 }, site) {
  const contender = contenders[id];
  if (contender === undefined) throw new Error('nobody knows this contender');
  const folder = join(site.folder, 'run');
  mkdirSync(folder);
  try {
    const out = join(folder, 'out.zip');
    const { tools, datasaur } = site;
    const ca = scheme === 'https' ? site.ca : null;
    const run = await measure(contender.command({ url, out, home: folder, ca, datasaur, teamId, tools }), {
      timeTool: tools.time,
      folder,
      onStart: (pid) =>
        atExit(() => {
          end(-pid, 'SIGKILL');
        }),
    });
    if (contender.writes) await checkFile(out, bytes, runs.length === 0 ? sha256 : null);
    return run;
  } finally {
    remove(folder);
  }
}

/**
 * @param {string} path
 * @param {number} bytes
 * @param {string | null} sha256 null to compare only the length
 */
async function checkFile(path, bytes, sha256) {
  const found = statSync(path, { throwIfNoEntry: false })?.size;
  if (found === undefined) throw new Error('it left no file');
  if (found !== bytes) throw new Error(`it left a file of ${found} instead of ${bytes} bytes`);
  if (sha256 !== null && (await sha256Of(path)) !== sha256) throw new Error('it left other bytes');
}
