import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { EXPORT } from './graphql-request.js';
import { send, type RawResponse } from './raw-request.js';

const ORIGIN = 'http://localhost:5173';
const KEY = 'export/a.zip';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ allowedOrigins: ['https://app.example', ORIGIN] });
  sandbox.putObject(KEY, Buffer.from('0123456789'));
});
afterAll(async () => {
  await sandbox.close();
});

const allowed = { 'access-control-allow-origin': ORIGIN, vary: 'Origin' };
const token = async (): Promise<RawResponse> =>
  send(`${sandbox.url}/api/oauth/token`, { method: 'POST', headers: { Origin: ORIGIN } });

/** What a browser asks before a request that a form could not have made. */
async function preflight(
  { url, Origin = ORIGIN }: { url: string; Origin?: string },
  asked: Record<string, string> = {},
): Promise<RawResponse> {
  const headers = { Origin, 'Access-Control-Request-Method': 'GET', ...asked };
  return send(url, { method: 'OPTIONS', headers });
}

describe('a page of an allowed origin', () => {
  test('may read an object, and what its headers say', async () => {
    const { status, headers, text } = await send(sandbox.presign(KEY), {
      headers: { Origin: ORIGIN, Range: 'bytes=2-4' },
    });
    expect([status, text]).toEqual([206, '234']);
    expect(headers).toMatchObject(allowed);
    const exposed = headers['access-control-expose-headers']!.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining([
        'Content-Range',
        'ETag',
        'Content-Length',
        'Last-Modified',
        'Date',
        'Retry-After',
      ]),
    );
  });

  test('may read errors too, as on S3', async () => {
    for (const url of [sandbox.presign('none'), `${sandbox.url}/%zz`]) {
      const { status, headers } = await send(url, { headers: { Origin: ORIGIN } });
      expect(status).toBeGreaterThanOrEqual(400);
      expect(headers).toMatchObject(allowed);
    }
  });

  test('may ask the API', async () => {
    const { status, headers } = await send(`${sandbox.url}/graphql`, {
      method: 'POST',
      headers: {
        Origin: ORIGIN,
        'Content-Type': 'application/json',
        Authorization: `Bearer ${sandbox.accessToken}`,
      },
      body: JSON.stringify({
        query: EXPORT,
        variables: { input: { teamId: '121', method: 'FILE_STORAGE' } },
      }),
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject(allowed);
    expect((await token()).headers).toMatchObject(allowed);
  });

  test.each<[string, () => string, string, string]>([
    ['an object', () => sandbox.presign(KEY), 'GET', 'if-match, range'],
    ['GraphQL', () => `${sandbox.url}/graphql`, 'POST', 'authorization,content-type'],
    ['tokens', () => `${sandbox.url}/api/oauth/token`, 'POST', 'Content-Type'],
  ])('asks first, for %s', async (_, url, method, names) => {
    const { status, headers, body } = await preflight(
      { url: url() },
      { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': names },
    );
    expect([status, body.length]).toEqual([200, 0]);
    expect(headers).toMatchObject(allowed);
    expect(headers['access-control-allow-methods']!.split(', ')).toContain(method);
    const may = headers['access-control-allow-headers']!.split(', ');
    expect(may).toEqual(expect.arrayContaining(names.toLowerCase().split(/, */)));
  });
});

describe('a page of another origin', () => {
  test('may not, and a cache is told that another may', async () => {
    const { status, headers } = await send(sandbox.presign(KEY), {
      headers: { Origin: 'https://evil.example' },
    });
    expect(status).toBe(200);
    expect(headers.vary).toBe('Origin');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
  });

  test.each<[string, string, Record<string, string>]>([
    ['origin', 'https://evil.example', {}],
    ['method', ORIGIN, { 'Access-Control-Request-Method': 'PUT' }],
    ['header', ORIGIN, { 'Access-Control-Request-Headers': 'range, x-amz-acl' }],
  ])('is told so before it asks, for its %s', async (_, Origin, asked) => {
    const { status, headers } = await preflight({ url: sandbox.presign(KEY), Origin }, asked);
    expect(status).toBe(403);
    expect(headers.vary).toBe('Origin');
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-allow-m'))).toEqual([]);
  });
});

test('without the option no origin is allowed, and nothing tells of origins', async () => {
  const closed = await startSandbox();
  try {
    const url = closed.presign(KEY);
    const answers = [await preflight({ url }), await send(url, { headers: { Origin: ORIGIN } })];
    // An OPTIONS is then a request like any other: of another method than was signed.
    expect(answers.map(({ status }) => status)).toEqual([403, 404]);
    for (const { headers } of answers)
      expect(Object.keys(headers).filter((name) => /^(access-control-|vary)/.test(name))).toEqual([]);
  } finally {
    await closed.close();
  }
});

test.each(['*', 'localhost:5173', 'http://localhost:5173/', 'http://localhost:5173/app', 'null'])(
  '%s is not an origin',
  async (origin) => {
    await expect(startSandbox({ allowedOrigins: [origin] })).rejects.toThrow(
      new RangeError(`allowedOrigins: expected origins such as 'http://localhost:5173', got '${origin}'`),
    );
  },
);
