/** That a wait leaves nothing behind, in real processes with real sockets. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';

let server: Server;
let sockets: Set<Socket>;
let requests = 0;

async function host(answer: RequestListener): Promise<string> {
  sockets = new Set();
  requests = 0;
  server = createServer((request, response) => {
    requests += 1;
    answer(request, response);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.zip`;
}

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** Runs a scene of waiting-process.mjs to the end of its process, which nothing but itself brings about. */
async function play(entry: string, scene: string, url: string): Promise<unknown> {
  const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(
    process.execPath,
    [path('waiting-process.mjs'), path(`../../dist/src/${entry}`), scene, url],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  expect(status).toBe(0);
  return JSON.parse(text);
}

const gone = { atOnce: true, codes: ['ABORTED'], left: [], listenersLeft: 0, warnings: [] };
const missing: RequestListener = (_, response) =>
  void response.writeHead(404, { 'retry-after': '600' }).end('<Error><Code>NoSuchKey</Code></Error>');
const silence: RequestListener = () => undefined;
const large: RequestListener = (_, response) => {
  response.writeHead(206, { 'content-range': 'bytes 0-19999999/20000000', 'content-length': 20_000_000 });
  response.end(Buffer.alloc(20_000_000));
};

describe.each([
  ["Node's HTTP client", 'index.js'],
  ['cross-fetch', 'readiness/index.js'],
])('over %s, an abort leaves nothing that keeps the process alive', (_, entry) => {
  test.each<[string, string, RequestListener]>([
    ['between two attempts', 'pausing', missing],
    ['while the host is silent', 'asking', silence],
    [
      'while the body of an error stalls',
      'asking',
      (_request, response) => void response.writeHead(404).write('<Error>'),
    ],
    ['of a thousand waits that share a signal, most of them in line', 'crowd', silence],
  ])('%s', async (_name, scene, answer) => {
    const found = await play(entry, scene, await host(answer));
    expect(found).toEqual(scene === 'crowd' ? { ...gone, listeners: 1 } : gone);
    expect(requests).toBeLessThanOrEqual(scene === 'crowd' ? 64 : 1);
  });

  test('and neither does an opening that is closed', async () => {
    const found = await play(entry, 'closing', await host(large));
    expect(found).toEqual({ left: [], listeners: 0, warnings: [] });
  });

  test('nor one that is forgotten', async () => {
    const found = await play(entry, 'forgetting', await host(large));
    expect(found).toEqual({ warnings: [] });
    expect(requests).toBe(1);
  });
});
