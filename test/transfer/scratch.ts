import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { Clock } from '../../src/readiness/index.js';

/** A directory of its own, and how to remove it. */
export async function scratch(): Promise<{
  path: string;
  list: () => Promise<string[]>;
  remove: () => Promise<void>;
}> {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'transfer-test-')));
  return {
    path,
    list: async () => (await readdir(path)).sort(),
    remove: async () => rm(path, { recursive: true, force: true }),
  };
}

/** Time that goes by fifty times as fast. */
export const hastyClock: Clock = {
  now: () => performance.now() * 50,
  delay: async (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(done, signal.aborted ? 0 : milliseconds / 50);
      signal.addEventListener('abort', done, { once: true });
    }),
};

export async function zip(entries: Record<string, Buffer>, compress = false): Promise<Buffer> {
  const file = new ZipFile();
  for (const [name, bytes] of Object.entries(entries)) file.addBuffer(bytes, name, { compress });
  file.end();
  const chunks: Buffer[] = [];
  await pipeline(
    file.outputStream,
    new Writable({
      write(chunk: Buffer, _, done) {
        chunks.push(chunk);
        done();
      },
    }),
  );
  return Buffer.concat(chunks);
}
