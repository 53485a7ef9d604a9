import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { encodeIdentity, encodeKept, JournalReader, type Kept } from '../../src/transfer/journal.js';
import { thisProcess } from '../../src/transfer/lock-holder.js';
import { download, type DownloadOptions, type DownloadProgress } from '../../src/transfer/index.js';
import { FileServer, plain, type Answer } from './file-server.js';
import { hastyClock, scratch, zip } from './scratch.js';

const bytes = randomBytes(200_000);
const other = randomBytes(200_000);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const whole = 'bytes=0-199999';
const identity = { size: 200_000, validator: '"v1"' };
/** What a journal says of a file of one block whose first `length` bytes are there. */
const kept = (length: number): Kept => ({ block: 0, bytes: length, crc: crc32(bytes.subarray(0, length)) });

let room: Awaited<ReturnType<typeof scratch>>;
let server: FileServer;
const servers: FileServer[] = [];

async function serving(...parameters: Parameters<typeof FileServer.start>): Promise<FileServer> {
  const started = await FileServer.start(...parameters);
  servers.push(started);
  return started;
}

beforeEach(async () => {
  room = await scratch();
  server = await serving(bytes);
});

afterEach(async () => {
  await Promise.all(servers.splice(0).map(async (one) => one.stop()));
  await room.remove();
});

const at = (name: string): string => join(room.path, name);
const read = async (name: string): Promise<Buffer> => readFile(at(name));
const ranges = (): (string | undefined)[] => server.requests.map(({ range }) => range);

async function run(options: DownloadOptions = {}): Promise<unknown> {
  return download(server.remote(), { to: `${room.path}/`, clock: hastyClock, ...options }).catch(
    (error: unknown) => error,
  );
}

/** What a run that failed must leave for the next one. */
async function expectKept(length: number): Promise<void> {
  expect(await room.list()).toEqual(['file.bin.datasaur-journal', 'file.bin.datasaur-partial']);
  expect((await read('file.bin.datasaur-partial')).equals(bytes.subarray(0, length))).toBe(true);
  const journal = new JournalReader(identity);
  journal.read((await read('file.bin.datasaur-journal')).toString());
  expect([...journal.kept]).toEqual([[0, kept(length)]]);
}

async function expectWhole(): Promise<void> {
  expect(await room.list()).toEqual(['file.bin']);
  expect((await read('file.bin')).equals(bytes)).toBe(true);
}

test('puts the file under its name, verified, and leaves nothing else', async () => {
  expect(await run()).toEqual({
    path: at('file.bin'),
    bytes: 200_000,
    sha256,
    etag: 'v1',
    verified: 'length + etag',
  });
  await expectWhole();
  expect(server.requests).toEqual([{ range: whole, ifMatch: '"v1"' }]);
});

test('reports progress that only grows and ends with the whole', async () => {
  const seen: DownloadProgress[] = [];
  await run({ onProgress: (progress) => void seen.push(progress) });
  expect(seen[0]).toEqual({ bytes: 0, size: 200_000 });
  expect(seen.at(-1)).toEqual({ bytes: 200_000, size: 200_000 });
  expect(seen.map((one) => one.bytes)).toEqual(seen.map((one) => one.bytes).sort((a, b) => a - b));
});

test('creates the directory that it is told, and removes it again when nothing comes', async () => {
  expect(await run({ to: at('new/deep/') })).toMatchObject({ path: at('new/deep/file.bin') });
  server.always(plain(403, {}, '<Error><Code>SignatureDoesNotMatch</Code></Error>'));
  expect(await run({ to: at('none/deep/') })).toMatchObject({ code: 'URL_REJECTED' });
  expect(await room.list()).toEqual(['new']);
});

test.each(['drop', 'end', 'stall'] as const)('continues where the body broke off: %s', async (then) => {
  server.first(server.serve({ after: 60_000, then }), server.serve({ after: 40_000, then }));
  expect(await run({ stallTimeout: 5000 })).toMatchObject({ sha256, verified: 'length + etag' });
  await expectWhole();
  expect(ranges()).toEqual([whole, 'bytes=60000-199999', 'bytes=100000-199999']);
});

test('goes on with the rest when the host sends less than was asked for', async () => {
  server.always(server.serve({ narrow: 80_000 }));
  expect(await run()).toMatchObject({ sha256 });
  expect(ranges()).toEqual([whole, 'bytes=80000-199999', 'bytes=160000-199999']);
});

test.each<[string, Answer]>([
  ['503', plain(503, { 'retry-after': '1' }, '<Error><Code>SlowDown</Code></Error>')],
  ['500', plain(500)],
  ['429', plain(429)],
  ['a dropped connection', (request) => void request.socket.destroy()],
  ['no answer', () => undefined],
])('tries again after %s', async (_, trouble) => {
  server.first(trouble, trouble);
  expect(await run({ stallTimeout: 5000 })).toMatchObject({ sha256 });
  expect(ranges()).toEqual([whole, whole, whole]);
  await expectWhole();
});

test('gives up after six attempts that brought nothing new, keeps what came, and continues it next time', async () => {
  server.first(
    server.serve({ after: 50_000, then: 'drop' }),
    ...Array.from({ length: 50 }, () => plain(503)),
  );
  const error = await run();
  expect(error).toMatchObject({
    code: 'DOWNLOAD_INTERRUPTED',
    message:
      'The file host stopped delivering after 50000 of 200000 bytes; 6 attempts brought nothing new (last: 503).',
    details: { position: 50_000, size: 200_000, last: '503' },
  });
  expect(server.requests).toHaveLength(7);
  await expectKept(50_000);

  server.first();
  server.requests.length = 0;
  const seen: DownloadProgress[] = [];
  expect(await run({ onProgress: (progress) => void seen.push(progress) })).toMatchObject({
    sha256,
    verified: 'length + etag',
  });
  expect(ranges()).toEqual(['bytes=50000-199999']);
  expect(seen[0]).toEqual({ bytes: 50_000, size: 200_000 });
  await expectWhole();
});

test('leaves nothing when nothing came', async () => {
  server.always(plain(503));
  expect(await run()).toMatchObject({ code: 'DOWNLOAD_INTERRUPTED' });
  expect(server.requests).toHaveLength(6);
  expect(await room.list()).toEqual([]);
});

test.each<[string, string, Answer]>([
  [
    'RANGE_IGNORED',
    '200 with the file',
    (_, response) => void response.writeHead(200, { etag: '"v1"' }).end(bytes),
  ],
  ['RANGE_IGNORED', '200 with a login page', plain(200, { 'content-type': 'text/html' }, '<html>')],
  ['FILE_REDIRECTED', 'a redirect', plain(302, { location: 'https://example.com/' })],
  [
    'URL_EXPIRED',
    'an expired URL',
    plain(403, {}, '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>'),
  ],
  ['URL_REJECTED', 'a wrong signature', plain(403, {}, '<Error><Code>SignatureDoesNotMatch</Code></Error>')],
  ['INVALID_RANGE_RESPONSE', 'a wrong range', plain(206, { 'content-range': 'bytes 0-199999/200000' }, 'x')],
])('ends with %s on %s, and keeps what had come', async (code, _, answer) => {
  server.first(server.serve({ after: 70_000, then: 'drop' }), answer);
  expect(await run()).toMatchObject({ code });
  expect(server.requests).toHaveLength(2);
  await expectKept(70_000);
});

test.each<[string, () => Answer]>([
  ['412', () => server.serve({ bytes: other, etag: '"v2"' })],
  [
    'another ETag, If-Match being ignored',
    () => server.serve({ bytes: other, etag: '"v2"', ignoreIfMatch: true }),
  ],
  ['another size', () => server.serve({ bytes: other.subarray(1), ignoreIfMatch: true })],
  ['416', () => plain(416, { 'content-range': 'bytes */10' })],
])('never mixes two versions of an object: %s', async (_, changed) => {
  server.first(server.serve({ after: 70_000, then: 'drop' }), changed());
  expect(await run()).toMatchObject({ code: 'OBJECT_CHANGED' });
  expect(server.requests).toHaveLength(2);
  expect(await room.list()).toEqual([]);
});

test('refuses a body that goes on after its end', async () => {
  server.first(server.serve({ extra: Buffer.from('!') }));
  expect(await run()).toMatchObject({
    code: 'LENGTH_MISMATCH',
    message: 'The file host sent more than the range it announced (of a file of 200000 bytes).',
  });
  expect(await room.list()).toEqual([]);
});

test.each<[string, string | null, string | null]>([
  ['no ETag', null, null],
  ['a weak ETag', 'W/"v1"', 'W/v1'],
])('starts over after a break where there is %s', async (_, etag, printed) => {
  server = await serving(bytes, etag);
  server.first(server.serve({ after: 60_000, then: 'drop' }), server.serve({ after: 90_000, then: 'end' }));
  expect(await run()).toEqual({
    path: at('file.bin'),
    bytes: 200_000,
    sha256,
    etag: printed,
    verified: 'length',
  });
  expect(server.requests).toEqual(Array.from({ length: 3 }, () => ({ range: whole, ifMatch: undefined })));
  await expectWhole();
});

test('keeps nothing that nothing could be added to', async () => {
  server = await serving(bytes, null);
  server.always(server.serve({ after: 60_000, then: 'drop' }));
  expect(await run()).toMatchObject({ code: 'DOWNLOAD_INTERRUPTED', details: { position: 60_000 } });
  expect(server.requests).toHaveLength(7);
  expect(await room.list()).toEqual([]);
});

test('does not claim the ETag when an answer came without it', async () => {
  server.always(server.serve({ etag: null, ignoreIfMatch: true }));
  expect(await run()).toMatchObject({ sha256, etag: 'v1', verified: 'length' });
});

test.each<[string, string, Buffer]>([
  ['of another object', encodeIdentity({ ...identity, validator: '"v0"' }) + encodeKept(kept(1000)), bytes],
  ['of another size', encodeIdentity({ ...identity, size: 200_001 }) + encodeKept(kept(1000)), bytes],
  ['that is too long', encodeIdentity(identity) + encodeKept(kept(1000)), Buffer.alloc(200_001)],
  ['that has been damaged', encodeIdentity(identity) + encodeKept(kept(1000)), Buffer.alloc(1000)],
  ['that is shorter than it says', encodeIdentity(identity) + encodeKept(kept(1000)), bytes.subarray(0, 999)],
  ['that came to nothing', encodeIdentity(identity), bytes.subarray(0, 1000)],
  ['whose journal was cut off', encodeIdentity(identity) + encodeKept(kept(1000)).slice(0, -1), bytes],
  ['of another program', 'what?', bytes.subarray(0, 1000)],
])('does not continue a partial file %s', async (_, journal, partial) => {
  await writeFile(at('file.bin.datasaur-journal'), journal);
  await writeFile(at('file.bin.datasaur-partial'), partial);
  expect(await run()).toMatchObject({ sha256 });
  expect(ranges()).toEqual([whole]);
  await expectWhole();
});

test('finishes a partial file that was complete without asking for anything', async () => {
  await writeFile(at('file.bin.datasaur-journal'), encodeIdentity(identity) + encodeKept(kept(200_000)));
  await writeFile(at('file.bin.datasaur-partial'), bytes);
  expect(await run()).toMatchObject({ sha256 });
  expect(ranges()).toEqual([]);
  await expectWhole();
});

test('refuses an existing file before the first byte', async () => {
  await writeFile(at('file.bin'), 'precious');
  expect(await run()).toMatchObject({ code: 'FILE_EXISTS', details: { path: at('file.bin') } });
  expect(server.requests).toEqual([]);
  expect(await room.list()).toEqual(['file.bin']);
  expect((await read('file.bin')).toString()).toBe('precious');
});

test('replaces an existing file when told to, and only by a whole one', async () => {
  await writeFile(at('file.bin'), 'precious');
  server.first(server.serve({ after: 70_000, then: 'drop' }), server.serve({ bytes: other, etag: '"v2"' }));
  expect(await run({ overwrite: true })).toMatchObject({ code: 'OBJECT_CHANGED' });
  expect((await read('file.bin')).toString()).toBe('precious');
  expect(await room.list()).toEqual(['file.bin']);
  expect(await run({ overwrite: true })).toMatchObject({ sha256 });
  await expectWhole();
});

test('leaves a file alone that appears during the download', async () => {
  server.first(async (...exchange) => {
    await writeFile(at('file.bin'), 'precious');
    await server.serve()(...exchange);
  });
  expect(await run()).toMatchObject({ code: 'FILE_EXISTS' });
  expect(await room.list()).toEqual(['file.bin']);
  expect((await read('file.bin')).toString()).toBe('precious');
});

test('an abort that came before asks for nothing and writes nothing', async () => {
  expect(await run({ signal: AbortSignal.abort() })).toMatchObject({ code: 'ABORTED' });
  expect(server.requests).toEqual([]);
  expect(await room.list()).toEqual([]);
});

test('an abort ends the download at once and keeps what came', async () => {
  const controller = new AbortController();
  server.first(server.serve({ after: 70_000, then: 'stall' }));
  const onProgress = (progress: DownloadProgress): void => {
    if (progress.bytes === 70_000) controller.abort();
  };
  const start = performance.now();
  expect(await run({ signal: controller.signal, onProgress, stallTimeout: 1_000_000 })).toMatchObject({
    code: 'ABORTED',
    name: 'AbortError',
  });
  expect(performance.now() - start).toBeLessThan(5000);
  await expectKept(70_000);
  expect(server.requests).toHaveLength(1);
});

test('an abort during the pause after a failure ends the download', async () => {
  const controller = new AbortController();
  server.always((_, response) => {
    response.writeHead(503, { 'retry-after': '3600' }).end();
    setTimeout(() => {
      controller.abort();
    }, 100);
  });
  const clock = {
    now: () => hastyClock.now(),
    delay: async (milliseconds: number, signal: AbortSignal) => hastyClock.delay(milliseconds * 50, signal),
  };
  const start = performance.now();
  expect(await run({ signal: controller.signal, clock })).toMatchObject({ code: 'ABORTED' });
  expect(performance.now() - start).toBeLessThan(5000);
  expect(server.requests).toHaveLength(1);
  expect(await room.list()).toEqual([]);
});

test('one target is downloaded to once at a time', async () => {
  const [one, two] = await Promise.all([run(), run()]);
  expect([one, two]).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ sha256 }),
      expect.objectContaining({ code: 'TARGET_BUSY' }),
    ]),
  );
  await expectWhole();
});

test('an object without bytes is a file without bytes', async () => {
  server = await serving(Buffer.alloc(0));
  expect(await run()).toMatchObject({ bytes: 0, sha256: createHash('sha256').digest('hex') });
  expect(server.requests).toEqual([]);
  expect(await room.list()).toEqual(['file.bin']);
});

test('a zip is verified as one', async () => {
  const archive = await zip({ 'a.csv': randomBytes(5000), 'b.csv': Buffer.from('x') }, true);
  server = await serving(archive, '"z"', 'Team Overview - チーム.zip');
  expect(await run()).toMatchObject({
    path: at('Team Overview - チーム.zip'),
    verified: 'length + etag + zip-crc',
  });
  expect((await read('Team Overview - チーム.zip')).equals(archive)).toBe(true);
});

test.each<[string, () => Promise<Buffer>]>([
  ['without bytes', async () => Promise.resolve(Buffer.alloc(0))],
  ['that is a web page', async () => Promise.resolve(Buffer.from('<html>Log in</html>'))],
  ['that is cut off', async () => (await zip({ a: randomBytes(5000) })).subarray(0, -30)],
])('a zip %s is not kept, and the file it was to replace is', async (_, make) => {
  server = await serving(await make(), '"z"', 'a.zip');
  await writeFile(at('a.zip'), 'precious');
  expect(await run({ overwrite: true })).toMatchObject({ code: 'ARCHIVE_INVALID' });
  expect(await room.list()).toEqual(['a.zip']);
  expect((await read('a.zip')).toString()).toBe('precious');
});

test('takes the exact path it is given, whatever the server calls the file', async () => {
  await mkdir(at('sub'));
  expect(await run({ path: at('sub/mine.dat') })).toMatchObject({ path: at('sub/mine.dat'), sha256 });
  expect(await room.list()).toEqual(['sub']);
});

test('a hostile name stays in its directory', async () => {
  server = await serving(bytes, '"v1"', '../../../etc/passwd');
  expect(await run()).toMatchObject({ path: at('_.._.._etc_passwd') });
});

test('no error shows the signature', async () => {
  server.always(plain(503));
  const error = (await run()) as Error;
  expect(`${error.message}${error.stack ?? ''}${JSON.stringify(error)}`).not.toContain('s3cr3t');
});

test('does not read what is no file in place of the journal, but replaces it', async () => {
  spawnSync('mkfifo', [at('file.bin.datasaur-journal')]);
  expect(await run()).toMatchObject({ sha256 });
  await expectWhole();
});

test.each([[{ stallTimeout: -1 }], [{ stallTimeout: NaN }], [{ to: 42 as unknown as string }]])(
  'refuses %p',
  async (options) => {
    expect(await run(options)).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(server.requests).toEqual([]);
  },
);

test('a host that gives next to nothing is not asked in a storm', async () => {
  const pauses: number[] = [];
  const clock = {
    now: () => hastyClock.now(),
    delay: async (milliseconds: number, signal: AbortSignal) => {
      pauses.push(milliseconds);
      return hastyClock.delay(milliseconds, signal);
    },
  };
  server.first(...Array.from({ length: 5 }, () => server.serve({ narrow: 10 })));
  expect(await run({ clock })).toMatchObject({ sha256 });
  expect(pauses.filter((pause) => pause === 100).length).toBeGreaterThanOrEqual(5);
});

describe('a lock that was lost to another process', () => {
  const lock = (): string => at('file.bin.datasaur-lock');
  const another = JSON.stringify({ pid: 1, host: 'elsewhere.example', id: 'another' });

  test.each(['before the end', 'at the end'])(
    '%s: nothing is named, and nothing of the other touched',
    async (when) => {
      server.first(async (...exchange) => {
        if (when === 'before the end') {
          await writeFile(lock(), another);
          void plain(412)(exchange[0], exchange[1], exchange[2]);
          return;
        }
        await server.serve()(...exchange);
        await writeFile(lock(), another);
      });
      expect(await run()).toMatchObject({ code: 'TARGET_BUSY' });
      expect(await room.list()).toEqual([
        'file.bin.datasaur-journal',
        'file.bin.datasaur-lock',
        'file.bin.datasaur-partial',
      ]);
      expect((await readFile(lock())).toString()).toBe(another);
    },
  );
});

test.each([
  ['by a link', ['partial', 'journal', 'lock']],
  ['by a rename', ['journal', 'lock']],
  ['and tidied all but the lock', ['lock']],
])('a process that was killed when it had named the file %s leaves nothing for ever', async (_, left) => {
  await writeFile(at('file.bin'), 'finished');
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  const beside = (what: string): string => at(`file.bin.datasaur-${what}`);
  if (left.includes('partial')) await link(at('file.bin'), beside('partial'));
  if (left.includes('journal')) await writeFile(beside('journal'), encodeIdentity(identity));
  await writeFile(beside('lock'), JSON.stringify({ ...(await thisProcess('dead')), pid }));
  expect(await run()).toMatchObject({ code: 'FILE_EXISTS' });
  expect(await room.list()).toEqual(['file.bin']);
  expect((await read('file.bin')).toString()).toBe('finished');
});

async function leavePartial(): Promise<void> {
  server.first(server.serve({ after: 70_000, then: 'drop' }), ...Array.from({ length: 6 }, () => plain(503)));
  expect(await run()).toMatchObject({ code: 'DOWNLOAD_INTERRUPTED' });
}

test('what can be continued beside an existing file is left for a run that may replace it', async () => {
  await leavePartial();
  await writeFile(at('file.bin'), 'finished');
  const before = await room.list();
  expect(await run()).toMatchObject({ code: 'FILE_EXISTS' });
  expect(await room.list()).toEqual(before);
});

test('a journal full of rubbish costs neither time nor memory', async () => {
  await leavePartial();
  await appendFile(at('file.bin.datasaur-journal'), 'x\n'.repeat(5_000_000));
  const before = process.memoryUsage().rss;
  expect(await run()).toMatchObject({ sha256 });
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  expect(server.requests.at(-1)?.range).toBe('bytes=70000-199999');
});
