// @ts-check
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';

/**
 * @typedef {object} Command
 * @property {string} file
 * @property {string[]} args
 * @property {Record<string, string>} env all of the environment; the caller's own is not passed on
 */

/** The longest that one run may take, in milliseconds. */
const patience = 180_000;

/**
 * Runs a command under GNU time. Its wall time is taken here, from before the start to the end; what it used is what the
 * kernel says when it is reaped. (Polling /proc would miss the last peak; asking the kernel from here would also count the
 * memory of this process, which a new process shares until it becomes another program.)
 *
 * @param {Command} command
 * @param {object} options
 * @param {string} options.timeTool path of GNU time
 * @param {string} options.folder where its report may be written
 * @param {(pid: number) => () => void} options.onStart told the process group; what it returns is called at the end
 * @returns {Promise<import('./results.mjs').Run>}
 */
export async function measure({ file, args, env }, { timeTool, folder, onStart }) {
  const report = `${folder}/usage`;
  const started = performance.now();
  const child = spawn(timeTool, ['-q', '-f', '%M %U %S', '-o', report, file, ...args], {
    env,
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => (complaint += chunk.toString().slice(0, 2000)));
  /** @type {Promise<[number | null, number]>} */
  const exit = new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status) => {
      resolve([status, performance.now() - started]);
    });
  });
  const { pid } = child;
  const forget = pid === undefined ? () => undefined : onStart(pid);
  const timer = setTimeout(() => {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  }, patience);
  try {
    const [status, milliseconds] = await exit;
    if (status !== 0) throw new Error(`it ended with status ${status}: ${complaint.trim()}`);
    return { seconds: milliseconds / 1000, ...parseUsage(await readFile(report, 'utf8')) };
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/**
 * @param {string} text GNU time's `%M %U %S`: KiB, seconds, seconds
 * @returns {Pick<import('./results.mjs').Run, 'cpuSeconds' | 'peakMegabytes'>}
 */
export function parseUsage(text) {
  const [, memory, user, system] = /^(\d+) (\d+\.\d+) (\d+\.\d+)\s*$/.exec(text) ?? [];
  if (memory === undefined) throw new Error(`GNU time said ${JSON.stringify(text)}`);
  return { peakMegabytes: (Number(memory) * 1024) / 1e6, cpuSeconds: Number(user) + Number(system) };
}
