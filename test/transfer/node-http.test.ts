import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { nodeFetch } from '../../src/transfer/index.js';

let server: Server;

beforeEach(async () => {
  server = createServer((_, response) => response.writeHead(206).end(Buffer.alloc(10_000)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test.each<[string, () => Promise<void>]>([
  ['at once', async () => Promise.resolve()],
  [
    'a tick later',
    async () =>
      new Promise((resolve) => {
        process.nextTick(resolve);
      }),
  ],
])('a body that is dropped by abort and not read on ends nothing else: %s', async (_, pause) => {
  const { port } = server.address() as AddressInfo;
  const { signal, abort } = ((controller) => ({
    signal: controller.signal,
    abort: controller.abort.bind(controller),
  }))(new AbortController());
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  process.on('uncaughtException', onError);
  try {
    const url = `http://127.0.0.1:${port}/`;
    const { body } = await nodeFetch(url, { method: 'GET', headers: {}, redirect: 'manual', signal });
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      expect(chunk.byteLength).toBeGreaterThan(0);
      await pause();
      abort();
      break;
    }
    await sleep(20);
    expect(errors).toEqual([]);
  } finally {
    process.off('uncaughtException', onError);
  }
});
