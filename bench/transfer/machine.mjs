// @ts-check
import { cpus, loadavg, totalmem } from 'node:os';
import { versionOf } from './tools.mjs';

/**
 * What the figures depend on, besides the code.
 *
 * @typedef {object} Machine
 * @property {number} cores
 * @property {string} processor
 * @property {number} memoryGigabytes
 * @property {number} load of the minute before: what else was going on
 * @property {string} disk where the files are
 * @property {string} node
 * @property {string} nginx
 * @property {string} curl
 * @property {string} aria2
 */

/**
 * @param {import('./tools.mjs').Tools} tools
 * @param {string} disk
 * @returns {Machine}
 */
export function describeMachine(tools, disk) {
  const version = (/** @type {string} */ text) => /\d+(\.\d+)+/.exec(text)?.[0] ?? 'unknown';
  return {
    cores: cpus().length,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1e9),
    load: loadavg()[0] ?? 0,
    disk,
    node: process.versions.node,
    nginx: version(versionOf(tools.nginx, ['-v'])),
    curl: version(versionOf(tools.curl, ['--version'])),
    aria2: version(versionOf(tools.aria2c, ['--version'])),
  };
}
