import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { startSandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { startExport } from './graphql-request.js';
import { send } from './raw-request.js';

test('close ends connections, timers and the port, and may be called twice', async () => {
  const sandbox = await startSandbox({ readyAfter: '10m' });
  await startExport(sandbox, {});
  const { port, hostname } = new URL(sandbox.url);
  const keptAlive = connect(Number(port), hostname);
  keptAlive.write(`GET /x HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`);
  await once(keptAlive, 'readable');
  const closed = once(keptAlive.resume(), 'close');
  await Promise.all([sandbox.close(), sandbox.close()]);
  await closed;
  await sandbox[Symbol.asyncDispose]();
  await expect(send(sandbox.url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  expect(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap')).toEqual([]);
  expect(sandbox.exports[0]!.status).toBe('QUEUED');
});

test('a port in use is the system error', async () => {
  const sandbox = await startSandbox();
  try {
    const port = Number(new URL(sandbox.url).port);
    await expect(startSandbox({ port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  } finally {
    await sandbox.close();
  }
});

test('localhost is a host too', async () => {
  const sandbox = await startSandbox({ host: 'localhost', readyAfter: 0 });
  try {
    expect(new URL(sandbox.url).hostname).toBe('localhost');
    const { fileUrl } = await startExport(sandbox, {});
    expect((await send(fileUrl!)).status).toBe(200);
  } finally {
    await sandbox.close();
  }
});

const REFUSED: [SandboxOptions, string][] = [
  [{ host: '0.0.0.0' }, "host: expected a loopback host, got '0.0.0.0'"],
  [{ host: 'example.com' }, "host: expected a loopback host, got 'example.com'"],
  [{ readyAfter: 'soon' }, "readyAfter: expected milliseconds or e.g. '3s' (ms, s, m, h), got 'soon'"],
  [{ readyAfter: -1 }, "readyAfter: expected milliseconds or e.g. '3s' (ms, s, m, h), got '-1'"],
  [{ readyAfter: '1000h' }, "readyAfter: expected milliseconds or e.g. '3s' (ms, s, m, h), got '1000h'"],
  [{ urlLifetime: '1500ms' }, "urlLifetime: expected whole seconds from '1s' to '168h', got 1500 ms"],
  [{ fileSize: 2 ** 31 }, 'fileSize: expected a number of bytes up to 1 GiB, got 2147483648'],
  [{ accessTokens: [] }, 'accessTokens: expected at least one'],
  [
    {
      teams: [
        { id: '1', name: 'A' },
        { id: '1', name: 'B' },
      ],
    },
    "teams: two teams have the id '1'",
  ],
];

test.each(REFUSED)('%j is refused', async (options, message) => {
  await expect(startSandbox(options)).rejects.toThrow(new RangeError(message));
});

test.each<[SandboxOptions['readyAfter'], number]>([
  ['90ms', 90],
  ['0.1s', 100],
  [80, 80],
])('readyAfter: %j takes %d ms', async (readyAfter, expected) => {
  const sandbox = await startSandbox({ ...(readyAfter !== undefined && { readyAfter }) });
  try {
    const start = Date.now();
    const { fileUrl } = await startExport(sandbox, {});
    while ((await send(fileUrl!)).status === 404) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(Date.now() - start).toBeGreaterThanOrEqual(expected - 5);
    expect(Date.now() - start).toBeLessThan(expected + 2000);
  } finally {
    await sandbox.close();
  }
});
