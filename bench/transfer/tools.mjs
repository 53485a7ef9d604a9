// @ts-check
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

const names = /** @type {const} */ (['nginx', 'curl', 'aria2c', 'openssl', 'time']);

/** @typedef {Record<typeof names[number], string>} Tools the absolute path of each */

const missingText = `On Debian and Ubuntu: apt-get install nginx-light curl aria2 openssl time
(A server that nginx's package starts by itself is not needed: systemctl disable --now nginx)`;

/**
 * @returns {Tools | string} a string says what is missing, and how to get it
 */
export function findTools() {
  // Debian keeps servers where only root looks.
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  const found = names.map((name) => /** @type {const} */ ([name, pathOf(name, folders)]));
  const missing = found.flatMap(([name, path]) => (path === null ? [name] : []));
  if (missing.length > 0) return `Missing: ${missing.join(', ')}.\n${missingText}`;
  const tools = /** @type {Tools} */ (Object.fromEntries(found));
  if (!versionOf(tools.time, ['--version']).includes('GNU')) return `time is not GNU time.\n${missingText}`;
  return tools;
}

/** @param {string} name @param {string[]} folders */
function pathOf(name, folders) {
  for (const folder of folders.filter((one) => one.startsWith('/'))) {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not there; the next folder may have it.
    }
  }
  return null;
}

/**
 * The first line of what a program says of its version, wherever it says it.
 *
 * @param {string} path
 * @param {string[]} args
 */
export function versionOf(path, args) {
  const text = execFileSync('sh', ['-c', '"$0" "$@" 2>&1', path, ...args], { encoding: 'utf8' });
  return text.split('\n')[0] ?? '';
}
