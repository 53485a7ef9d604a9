// What many waits in one process cost: sockets, requests, memory. `npm run build && node bench/waits/run.mjs`
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { waitUntilReady } from '../../dist/src/index.js';

const server = fork(fileURLToPath(new URL('server.mjs', import.meta.url)));
const [port] = await once(server, 'message');
const base = `http://127.0.0.1:${port}`;
const counts = async () => (await fetch(`${base}/counts`, { headers: { connection: 'close' } })).json();
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** `number` waits for files that are there after 2 to 6 s, each read to its end. */
async function measure(number) {
  globalThis.gc?.();
  await counts();
  const before = process.memoryUsage.rss();
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage.rss())), 50);
  const started = performance.now();
  let lag = 0;
  const { signal } = new AbortController();
  await Promise.all(
    Array.from({ length: number }, async (_, index) => {
      const after = 2000 + (4000 * index) / number;
      const begun = performance.now();
      const file = await waitUntilReady(`${base}/${number}/${index}?after=${after}`, {
        signal,
        timeout: '25s',
      });
      lag += performance.now() - begun - after;
      let bytes = 0;
      for await (const chunk of file.takeOpening().body) bytes += chunk.length;
      if (bytes !== file.size) throw new Error(`${bytes} bytes instead of ${file.size}`);
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampler);
  const { peakSockets, requests } = await counts();
  return [
    number,
    peakSockets,
    requests,
    `${(lag / number / 1000).toFixed(2)} s`,
    megabytes(peak - before),
    `${seconds.toFixed(1)} s`,
  ];
}

const rows = [['waits', 'peak sockets', 'requests', 'mean lag', 'RSS growth', 'took']];
// The first one pays for what is loaded and compiled once, and is not shown.
await measure(10);
for (const number of [1, 100, 1000]) rows.push(await measure(number));
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)));
const lines = rows.map((row) => `| ${row.map((cell, i) => String(cell).padStart(widths[i])).join(' | ')} |`);
lines.splice(1, 0, `| ${widths.map((width) => `${'-'.repeat(width - 1)}:`).join(' | ')} |`);
process.stdout.write(`${lines.join('\n')}\n`);
server.disconnect();
