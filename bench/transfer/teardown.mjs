// @ts-check
import { rmSync } from 'node:fs';
import { constants } from 'node:os';

/** @type {Set<() => void>} */
const pending = new Set();

/**
 * Whatever ends this process, an error, a signal or the end of its work, these are done first, the last one first. They
 * must not wait for anything.
 *
 * @param {() => void} undo
 * @returns {() => void} forgets it again, because it is no longer needed
 */
export function atExit(undo) {
  pending.add(undo);
  return () => pending.delete(undo);
}

/** Ends a process group or, negative ids being groups, a process. @param {number} pid @param {NodeJS.Signals} signal */
export function end(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}

/** @param {string} folder */
export function remove(folder) {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

process.on('exit', () => {
  for (const undo of [...pending].reverse()) {
    try {
      undo();
    } catch (error) {
      process.stderr.write(`could not tidy up: ${String(error)}\n`);
    }
  }
});
for (const name of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(name, () => process.exit(128 + constants.signals[name]));
}
