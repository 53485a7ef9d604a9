// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('programs/datasaur.mjs', import.meta.url));

/**
 * Starts the local Datasaur that the command line asks, in its own process.
 *
 * @param {Record<string, string>} files the URL of each team's file
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>}
 */
export async function startDatasaur(files) {
  const child = spawn(process.execPath, [program, JSON.stringify(files)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  /** @type {unknown[]} */
  const [line] = await Promise.race([once(child.stdout, 'data'), exited]);
  if (!(line instanceof Uint8Array)) throw new Error('the local Datasaur did not start');
  return {
    url: Buffer.from(line).toString().trim(),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
