/** Waiting in a real browser: a page of one origin, a file of another, and what the second allows the first. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { chromiumPath, launchChromium } from '../chromium.js';

const inChromium = chromiumPath === null ? test.skip : test;
// eslint-disable-next-line no-console
if (chromiumPath === null) console.warn('No Chromium here: the tests of readiness in a browser are skipped.');

const key = 'export/team-overview/121/1/Team Overview - Team Alvin.zip';
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) % 251));

/** What the page says of a wait. */
interface Outcome {
  readonly seen: string[];
  readonly size?: number;
  readonly sha256?: string;
  readonly code?: string;
  readonly hint?: string;
}

/** Runs in the page: waits, reads the file whole, and tells what came of it. */
const inPage = `
  import { DatasaurExportError, waitUntilReady } from './dist/src/readiness/browser.js';

  async function contentOf(file, signal) {
    const opening = file.takeOpening();
    const chunks = [];
    for await (const chunk of opening.body) chunks.push(chunk);
    const rest = opening.verdict.last + 1;
    if (rest < file.size) for await (const chunk of (await file.open(rest, file.size - 1, signal)).body) chunks.push(chunk);
    return new Blob(chunks).arrayBuffer();
  }

  window.wait = async (url, options) => {
    const seen = [];
    window.controller = new AbortController();
    const { signal } = window.controller;
    try {
      const file = await waitUntilReady(url, { ...options, signal, onAttempt: (attempt) => seen.push(attempt.seen) });
      const digest = await crypto.subtle.digest('SHA-256', file.size === 0 ? new ArrayBuffer(0) : await contentOf(file, signal));
      const sha256 = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return { seen, size: file.size, etag: file.etag, sha256 };
    } catch (error) {
      if (!DatasaurExportError.is(error)) throw error;
      return { seen, code: error.code, hint: error.hint };
    }
  };
`;

let browser: Browser;
let page: Page;
let pages: Server;
let sandbox: Sandbox;
let pageOrigin = '';
const servers: Server[] = [];

async function listen(listener: RequestListener): Promise<{ server: Server; origin: string }> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

beforeAll(async () => {
  if (chromiumPath === null) return;
  const { outputFiles } = await build({
    stdin: { contents: inPage, resolveDir: process.cwd() },
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['browser'],
  });
  const script = outputFiles[0]!.text;
  const { server, origin } = await listen(({ url }, response) => {
    response.writeHead(200, { 'Content-Type': url === '/wait.js' ? 'text/javascript' : 'text/html' });
    response.end(
      url === '/wait.js' ? script : '<!doctype html><script type="module" src="/wait.js"></script>',
    );
  });
  pages = server;
  pageOrigin = origin;
  sandbox = await startSandbox({ allowedOrigins: [pageOrigin] });
  sandbox.putObject(key, bytes);
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(pageOrigin);
  await page.waitForFunction('window.wait');
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});
afterAll(async () => {
  if (chromiumPath === null) return;
  await browser.close();
  await sandbox.close();
  pages.close().closeAllConnections();
});

async function wait(url: string, options: Record<string, unknown> = {}): Promise<Outcome> {
  return page.evaluate<Outcome>(`window.wait(${JSON.stringify(url)}, ${JSON.stringify(options)})`);
}

/** The URL of an object at another host, whose answers are the sandbox's but for what `change` does to their headers. */
async function proxied(url: string, change: (headers: Headers, status: number) => void): Promise<string> {
  const { server, origin } = await listen((request, response) => {
    void (async () => {
      const { range = '' } = request.headers;
      const asked = {
        method: request.method ?? 'GET',
        headers: { Origin: pageOrigin, ...(range !== '' && { range }) },
      };
      const answer = await fetch(`${sandbox.url}${request.url ?? ''}`, asked);
      const headers = new Headers(answer.headers);
      change(headers, answer.status);
      response
        .writeHead(answer.status, Object.fromEntries(headers))
        .end(Buffer.from(await answer.arrayBuffer()));
    })();
  });
  servers.push(server);
  return url.replace(sandbox.url, origin);
}

async function sha256(content: Uint8Array): Promise<string> {
  return Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(content))).toString('hex');
}
/** Resolves when the sandbox has been asked for it so often. */
async function asked(name: string, times: number): Promise<void> {
  while (sandbox.requests.filter(({ path }) => path.includes(name)).length < times) await sleep(10);
}

inChromium('the file is there, byte for byte', async () => {
  const outcome = await wait(sandbox.presign(key));
  expect(outcome).toMatchObject({ seen: ['206'], size: bytes.length, sha256: await sha256(bytes) });
  expect(outcome).toHaveProperty('etag', expect.stringMatching(/^"[0-9a-f]{32}"$/));
});

inChromium(
  'what is left after the first range is read too, after the browser has asked whether it may',
  async () => {
    const outcome = await wait(sandbox.presign(key), { firstRange: 1000 });
    expect(outcome).toMatchObject({ seen: ['206'], size: bytes.length, sha256: await sha256(bytes) });
    // If-Match is not among what a page may send without asking.
    expect(sandbox.requests.slice(-2).map(({ method, status }) => [method, status])).toEqual([
      ['OPTIONS', 200],
      ['GET', 206],
    ]);
  },
);

inChromium('nothing of the page goes along: no cookie, no referrer', async () => {
  await page.evaluate('document.cookie = "session=1; path=/"');
  await wait(sandbox.presign(key));
  const { headers } = sandbox.requests.at(-1)!;
  expect(headers).toMatchObject({ origin: pageOrigin, range: 'bytes=0-8388607' });
  for (const name of ['cookie', 'referer', 'authorization']) expect(headers).not.toHaveProperty(name);
});

inChromium('the file comes while it is waited for', async () => {
  const late = 'export/late.zip';
  const waiting = wait(sandbox.presign(late));
  await asked('late.zip', 3);
  sandbox.putObject(late, bytes);
  const { seen, sha256: digest } = await waiting;
  expect(digest).toBe(await sha256(bytes));
  expect(seen.length).toBeGreaterThanOrEqual(4);
  expect(new Set(seen.slice(0, -1))).toEqual(new Set(['404 NoSuchKey']));
  expect(seen.at(-1)).toBe('206');
});

inChromium('a file without bytes', async () => {
  sandbox.putObject('export/empty.zip', new Uint8Array());
  expect(await wait(sandbox.presign('export/empty.zip'))).toMatchObject({
    size: 0,
    seen: ['416 InvalidRange'],
  });
});

inChromium('a host that does not let the page in', async () => {
  const closed = await startSandbox();
  try {
    closed.putObject(key, bytes);
    const { code, hint, seen } = await wait(closed.presign(key));
    expect(code).toBe('CORS_BLOCKED');
    expect(hint).toContain('expose Content-Range');
    expect(new Set(seen)).toEqual(new Set(['CORS']));
    const looks = closed.requests.filter(({ method }) => method === 'HEAD');
    expect(looks.length).toBeGreaterThan(0);
    expect(looks.every(({ path, bytesSent }) => !path.includes('?') && bytesSent === 0)).toBe(true);
  } finally {
    await closed.close();
  }
});

inChromium('a host that does not expose Content-Range', async () => {
  const url = await proxied(sandbox.presign(key), (headers) => {
    headers.set('Access-Control-Expose-Headers', 'ETag');
  });
  expect(await wait(url)).toMatchObject({ code: 'CORS_BLOCKED', seen: ['206'] });
});

inChromium('a host that lets the page in, but not for errors', async () => {
  const onlyGood = (headers: Headers, status: number): void => {
    if (status >= 400) headers.delete('Access-Control-Allow-Origin');
  };
  expect(await wait(await proxied(sandbox.presign('export/none.zip'), onlyGood))).toMatchObject({
    code: 'CORS_BLOCKED',
  });
  const waiting = wait(await proxied(sandbox.presign('export/soon.zip'), onlyGood));
  await asked('soon.zip?', 3);
  sandbox.putObject('export/soon.zip', bytes);
  const { seen, size } = await waiting;
  expect(size).toBe(bytes.length);
  expect([seen[0], seen.at(-1)]).toEqual(['CORS', '206']);
});

inChromium('a redirect is not followed', async () => {
  const { server, origin } = await listen((_, response) => {
    response.writeHead(307, { Location: sandbox.presign(key), 'Access-Control-Allow-Origin': '*' }).end();
  });
  servers.push(server);
  expect(await wait(`${origin}/a.zip`)).toMatchObject({ code: 'FILE_REDIRECTED' });
});

inChromium('a host that is down is waited for, to the deadline or an abort', async () => {
  const { server, origin } = await listen(() => undefined);
  server.close();
  await once(server, 'close');
  const { code, seen } = await wait(`${origin}/a.zip`, { timeout: 3000 });
  expect(code).toBe('NOT_READY');
  expect(new Set(seen)).toEqual(new Set(['network error']));
  const waiting = wait(`${origin}/a.zip`);
  await sleep(300);
  await page.evaluate('window.controller.abort()');
  expect(await waiting).toMatchObject({ code: 'ABORTED' });
});
