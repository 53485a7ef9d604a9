// Waits for a file and downloads it in a process of its own, says how it ended, and then has nothing more to do.
import { setTimeout as pause } from 'node:timers/promises';
import { inspect } from 'node:util';
import { download, waitUntilReady } from '../../dist/src/index.js';

const { url, to, overwrite, stallTimeout } = JSON.parse(process.env.WHAT);
const hasty = (speed) => ({
  now: () => performance.now() * speed,
  delay: async (milliseconds, signal) => {
    await pause(milliseconds / speed, undefined, { signal }).catch(() => undefined);
  },
});
const controller = new AbortController();
const { signal } = controller;
process.once('SIGINT', () => controller.abort());
try {
  const attemptTimeout = Math.min(stallTimeout / 10, 2000);
  const remote = await waitUntilReady(url, { clock: hasty(5), signal, timeout: 5000, attemptTimeout });
  const file = await download(remote, { to, overwrite, clock: hasty(50), signal, stallTimeout });
  console.log(JSON.stringify(file));
} catch (error) {
  console.error(inspect(error, { depth: 12, showHidden: true }));
  console.log(JSON.stringify({ error }));
}
