import { createHash, randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { waitUntilReady } from '../../src/index.js';
import { download, type DownloadOptions, type DownloadProgress } from '../../src/transfer/index.js';
import { FileServer, plain, type Answer, type Range } from './file-server.js';
import { scratch } from './scratch.js';

const MiB = 1024 * 1024;
const bytes = randomBytes(40 * MiB + 12_345);
const sha256 = createHash('sha256').update(bytes).digest('hex');

let room: Awaited<ReturnType<typeof scratch>>;
let server: FileServer;
/** How many answers were being given at once, at most. */
let most = 0;

beforeEach(async () => {
  room = await scratch();
  server = await FileServer.start(bytes);
  most = 0;
});

afterEach(async () => {
  await server.stop();
  await room.remove();
});

const at = (name: string): string => join(room.path, name);

async function run(options: DownloadOptions = {}): Promise<unknown> {
  return download(server.remote(), { to: `${room.path}/`, ...options }).catch((error: unknown) => error);
}

/** Gives each connection no more than some 20 MB/s, as many hosts do. */
const slowly = (then?: (position: number) => Answer | null): Answer => {
  let now = 0;
  return async (request, response, range) => {
    if (request.headers['if-match'] !== '"v1"') return plain(412)(request, response, range);
    now += 1;
    most = Math.max(most, now);
    try {
      await trickle(request, response, range, then);
    } finally {
      now -= 1;
    }
  };
};

async function trickle(
  request: IncomingMessage,
  response: ServerResponse,
  { start, end }: Range,
  then?: (position: number) => Answer | null,
): Promise<void> {
  const instead = then?.(start) ?? null;
  if (instead !== null) return instead(request, response, { start, end });
  response.writeHead(206, {
    etag: '"v1"',
    'content-range': `bytes ${start}-${end}/${bytes.length}`,
    'content-length': end - start + 1,
  });
  for (let position = start; position <= end; position += 256 * 1024) {
    if (response.destroyed || request.socket.destroyed) return;
    const instead = position === start ? null : (then?.(position) ?? null);
    if (instead !== null) return instead(request, response, { start: position, end });
    await sleep(12);
    response.write(bytes.subarray(position, Math.min(end + 1, position + 256 * 1024)));
  }
  response.end();
}

/** Bytes that were asked for, as often as they were. */
const asked = (): number =>
  server.requests.reduce((sum, { range }) => {
    const [, start, end] = /(\d+)-(\d+)/.exec(range ?? '') ?? [];
    return sum + Number(end) - Number(start) + 1;
  }, 0);

async function expectWhole(): Promise<void> {
  expect(await room.list()).toEqual(['file.bin']);
  expect((await readFile(at('file.bin'))).equals(bytes)).toBe(true);
}

test('comes over several connections where each brings only so much, every part of the same object, none twice', async () => {
  server.always(slowly());
  expect(await run()).toMatchObject({ sha256, verified: 'length + etag', bytes: bytes.length });
  await expectWhole();
  expect(most).toBeGreaterThan(2);
  expect(most).toBeLessThanOrEqual(8);
  expect(asked()).toBe(bytes.length);
  expect(server.requests.every(({ ifMatch }) => ifMatch === '"v1"')).toBe(true);
});

test('comes over one connection where only one is allowed', async () => {
  server.always(slowly());
  expect(await run({ connections: 1 })).toMatchObject({ sha256 });
  expect(most).toBe(1);
  await expectWhole();
});

test('comes over more connections than that where they are allowed', async () => {
  server.always(slowly());
  expect(await run({ connections: 20 })).toMatchObject({ sha256 });
  await expectWhole();
});

test.each([0, -1, 1.5, NaN, 65])('refuses %p connections', async (connections) => {
  expect(await run({ connections })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(server.requests).toEqual([]);
});

test.each<[string, string | null]>([
  ['no ETag', null],
  ['a weak ETag', 'W/"v1"'],
])('comes over one connection and in one answer where there is %s', async (_, etag) => {
  await server.stop();
  server = await FileServer.start(bytes, etag);
  expect(await run()).toMatchObject({ sha256, verified: 'length' });
  expect(server.requests).toEqual([{ range: `bytes=0-${bytes.length - 1}`, ifMatch: undefined }]);
});

test('the same digest, computed here or in a thread', async () => {
  const small = bytes.subarray(0, 20 * MiB);
  await server.stop();
  server = await FileServer.start(small);
  expect(await run()).toMatchObject({ sha256: createHash('sha256').update(small).digest('hex') });
  await server.stop();
  server = await FileServer.start(bytes);
  expect(await run({ overwrite: true })).toMatchObject({ sha256 });
});

test('connections that break are continued, and none of the bytes is lost', async () => {
  const broken = new Set<number>();
  server.always(
    slowly((position) => {
      if (broken.has(position) || position % (3 * MiB) !== 0) return null;
      broken.add(position);
      return (request) => void request.socket.destroy();
    }),
  );
  expect(await run()).toMatchObject({ sha256 });
  expect(broken.size).toBe(14);
  await expectWhole();
});

test('connections that the host does not want are given up, and the rest comes over those it does', async () => {
  let open = 0;
  const limited = slowly();
  server.always(async (request, response, range) => {
    if (open > 1) return plain(503, {}, '<Error><Code>SlowDown</Code></Error>')(request, response, range);
    open += 1;
    await limited(request, response, range);
    open -= 1;
  });
  expect(await run()).toMatchObject({ sha256 });
  await expectWhole();
});

test('an object that is replaced on the way ends all connections and leaves nothing', async () => {
  server.always(
    slowly((position) =>
      position >= 20 * MiB
        ? server.serve({ bytes: Buffer.alloc(bytes.length), etag: '"v2"', ignoreIfMatch: true })
        : null,
    ),
  );
  expect(await run()).toMatchObject({ code: 'OBJECT_CHANGED' });
  expect(await room.list()).toEqual([]);
});

test.each<[string, Answer]>([
  [
    'RANGE_IGNORED',
    (_, response) => void response.writeHead(200, { etag: '"v1"' }).end(bytes.subarray(0, MiB)),
  ],
  [
    'INVALID_RANGE_RESPONSE',
    plain(206, { etag: '"v1"', 'content-range': `bytes 0-9/${bytes.length}` }, '0123456789'),
  ],
  ['URL_EXPIRED', plain(403, {}, '<Error><Code>ExpiredToken</Code></Error>')],
  ['FILE_REDIRECTED', plain(307, { location: 'http://example.com/' })],
])('ends with %s when one of the answers says so, and what has come is continued', async (code, answer) => {
  server.always(async (request, response, range) => {
    const split = range.start < 30 * MiB && range.end >= 30 * MiB;
    // The answer ends where the next would begin with the trouble.
    if (split) return server.serve({ narrow: 30 * MiB - range.start })(request, response, range);
    return (range.start === 30 * MiB ? answer : server.serve())(request, response, range);
  });
  expect(await run({ connections: 1 })).toMatchObject({ code });
  server.first();
  server.requests.length = 0;
  expect(await run()).toMatchObject({ sha256 });
  expect(asked()).toBe(bytes.length - 30 * MiB);
  await expectWhole();
});

test('an abort keeps what came over every connection, and the next run asks for the rest alone', async () => {
  const controller = new AbortController();
  server.always(slowly());
  let came = 0;
  const onProgress = (progress: { bytes: number }): void => {
    came = progress.bytes;
    if (came > 18 * MiB) controller.abort();
  };
  expect(await run({ signal: controller.signal, onProgress })).toMatchObject({ code: 'ABORTED' });
  expect(await room.list()).toEqual(['file.bin.datasaur-journal', 'file.bin.datasaur-partial']);
  server.first();
  server.requests.length = 0;
  expect(await run()).toMatchObject({ sha256 });
  await expectWhole();
  expect(asked()).toBe(bytes.length - came);
});

test('a block that was damaged between two runs is fetched again, and only that', async () => {
  const controller = new AbortController();
  server.always(slowly());
  const onProgress = (progress: { bytes: number }): void => {
    if (progress.bytes > 12 * MiB) controller.abort();
  };
  let came = 0;
  await run({ signal: controller.signal, connections: 1, onProgress });
  const partial = await open(at('file.bin.datasaur-partial'), 'r+');
  await partial.write('damaged', 5 * MiB + 100);
  await partial.close();
  server.first();
  server.requests.length = 0;
  const seen: number[] = [];
  expect(await run({ onProgress: (progress) => void seen.push(progress.bytes) })).toMatchObject({ sha256 });
  came = seen[0] ?? 0;
  await expectWhole();
  expect(came).toBeGreaterThan(11 * MiB);
  expect(asked()).toBe(bytes.length - came);
  expect(server.requests.map(({ range }) => range)).toContain(`bytes=${5 * MiB}-${6 * MiB - 1}`);
});

test('the poll is the download: what the probe brings is not asked for again', async () => {
  const url = server.remote().url.reveal();
  server.always(server.serve());
  const remote = await waitUntilReady(url);
  const file = await download(remote, { to: `${room.path}/`, connections: 1 });
  expect(file).toMatchObject({ sha256, verified: 'length + etag' });
  expect(server.requests[0]).toEqual({ range: `bytes=0-${8 * MiB - 1}`, ifMatch: undefined });
  expect(server.requests[1]?.range).toMatch(new RegExp(`^bytes=${8 * MiB}-`));
  expect(asked()).toBe(bytes.length);
});

test('MD5 is claimed where the ETag is one, and where it only looks like one it is not', async () => {
  await server.stop();
  server = await FileServer.start(bytes, `"${createHash('md5').update(bytes).digest('hex')}"`);
  expect(await run()).toMatchObject({ sha256, verified: 'length + etag + md5' });
  await server.stop();
  server = await FileServer.start(bytes, '"0123456789abcdef0123456789abcdef"');
  expect(await run({ overwrite: true })).toMatchObject({ sha256, verified: 'length + etag' });
});

test('refuses an answer with more bytes than its range, also where it names a coding', async () => {
  const extra = Buffer.alloc(1000, 'x');
  server.always((_, response, { start, end }) => {
    response.writeHead(206, {
      etag: '"v1"',
      'content-encoding': 'identity',
      'content-range': `bytes ${start}-${end}/${bytes.length}`,
      'content-length': end - start + 1 + extra.length,
    });
    response.write(bytes.subarray(start, end + 1));
    response.end(extra);
  });
  expect(await run({ connections: 1 })).toMatchObject({ code: 'LENGTH_MISMATCH' });
  expect(await room.list()).toEqual([]);
});

test('a connection that pauses does not hold up a file that has come over the others', async () => {
  let refused = false;
  const slow = slowly();
  server.always(async (request, response, range) => {
    if (most < 3 || refused) return slow(request, response, range);
    refused = true;
    return plain(503, { 'retry-after': '8' })(request, response, range);
  });
  let came = 0;
  const onProgress = (progress: DownloadProgress): void => {
    if (progress.bytes === bytes.length) came ||= performance.now();
  };
  expect(await run({ onProgress })).toMatchObject({ sha256 });
  expect(refused).toBe(true);
  expect(performance.now() - came).toBeLessThan(3000);
});

test('an abort before the first byte is read drops the opening', async () => {
  let open = 0;
  server.always(async (request, response, range) => {
    open += 1;
    response.on('close', () => (open -= 1));
    return server.serve()(request, response, range);
  });
  const remote = await waitUntilReady(server.remote().url.reveal());
  const controller = new AbortController();
  const aborted = download(remote, {
    to: `${room.path}/`,
    signal: controller.signal,
    onProgress: () => {
      controller.abort();
    },
  });
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' });
  await sleep(300);
  expect(open).toBe(0);
});

test.each([1, 30 * MiB])(
  'an error of whoever listens to the progress, after %d bytes, ends the download with it',
  async (after) => {
    const error = await run({
      onProgress: ({ bytes: came }) => {
        if (came >= after) throw new Error('mine');
      },
    });
    expect(error).toMatchObject({ message: 'mine' });
    expect(await room.list()).not.toContain('file.bin');
  },
);

test('comes from a host that serves one connection at a time', async () => {
  await server.stop();
  server = await FileServer.start(bytes);
  let now = 0;
  const waiting: (() => void)[] = [];
  const sockets = new Set<unknown>();
  server.always(async (request, response, range) => {
    if (!sockets.has(request.socket)) {
      while (now > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      if (request.socket.destroyed) return;
      now += 1;
      sockets.add(request.socket);
      request.socket.on('close', () => {
        now -= 1;
        for (const wake of waiting.splice(0)) wake();
      });
    }
    await server.serve()(request, response, range);
  });
  const remote = await waitUntilReady(server.remote().url.reveal());
  expect(await download(remote, { to: `${room.path}/`, stallTimeout: 1500 })).toMatchObject({ sha256 });

  await expectWhole();
});
