/** The wait and the download against an S3 that others wrote, with URLs that Amazon's own SDK signed. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createHash, randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import S3rver from 's3rver';
import { type Attempt, download, type RemoteFile, waitUntilReady } from '../src/index.js';
import { zipOf } from './cli/zip.js';

const Bucket = 'exports';
const root = mkdtempSync(join(tmpdir(), 'datasaur-s3rver-'));
let server: S3rver;
let s3: S3Client;

beforeAll(async () => {
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    directory: join(root, 'store'),
    silent: true,
    configureBuckets: [{ name: Bucket }],
  });
  const { port } = await server.run();
  s3 = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    region: 'us-east-1',
    credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
});

afterAll(async () => {
  s3.destroy();
  await server.close();
  rmSync(root, { recursive: true, force: true });
});

/**
 * s3rver writes an object in place and shows it while it grows. S3 shows it at once and whole, so it is put under another
 * key and renamed in s3rver's store, its content last.
 */
async function put(Key: string, Body: Buffer): Promise<void> {
  const staged = `staged-${randomUUID()}`;
  await s3.send(new PutObjectCommand({ Bucket, Key: staged, Body }));
  for (const part of ['metadata.json', 'object.md5', 'object'])
    renameSync(
      join(root, 'store', Bucket, `${staged}._S3rver_${part}`),
      join(root, 'store', Bucket, `${Key}._S3rver_${part}`),
    );
}

async function presign(Key: string, options: { signingDate?: Date } = {}): Promise<string> {
  return getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }), { expiresIn: 900, ...options });
}

async function putLate(key: string, body: Buffer): Promise<void> {
  await sleep(300);
  await put(key, body);
}

const folder = (): string => mkdtempSync(join(root, 'to-'));
const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('hex');
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

it('waits for an archive that is uploaded late, and downloads it', async () => {
  const key = 'Team Overview - Team Älvin + 1.zip';
  const bytes = await zipOf(300_000);
  const url = await presign(key);
  const attempts: Attempt[] = [];
  const [remote] = await Promise.all([
    waitUntilReady(url, { timeout: '20s', onAttempt: (attempt) => attempts.push(attempt) }),
    putLate(key, bytes),
  ]);
  expect(remote).toMatchObject({ size: bytes.length, etag: `"${md5(bytes)}"` });
  expect(attempts.length).toBeGreaterThan(1);
  expect(attempts.slice(0, -1).every(({ seen, ready }) => seen === '404 NoSuchKey' && !ready)).toBe(true);
  expect(attempts.at(-1)).toMatchObject({ seen: '206', ready: true });

  const to = folder();
  const file = await download(remote, { to });
  expect(file).toEqual({
    path: join(to, key),
    bytes: bytes.length,
    sha256: sha256(bytes),
    etag: md5(bytes),
    verified: 'length + etag + zip-crc + md5',
  });
  expect(readFileSync(file.path).equals(bytes)).toBe(true);
  expect(readdirSync(to)).toEqual([key]);
});

it('takes an archive without entries for one', async () => {
  const bytes = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)]);
  const url = await presign('empty.zip');
  const [remote] = await Promise.all([waitUntilReady(url, { timeout: '20s' }), putLate('empty.zip', bytes)]);
  const file = await download(remote, { to: folder() });
  expect(file).toMatchObject({ bytes: 22, verified: 'length + etag + zip-crc + md5' });
  expect(readFileSync(file.path).equals(bytes)).toBe(true);
});

it('takes an object of no bytes for an empty file, whatever it answers to a range', async () => {
  const url = await presign('empty.csv');
  const [remote] = await Promise.all([
    waitUntilReady(url, { timeout: '20s' }),
    putLate('empty.csv', Buffer.alloc(0)),
  ]);
  const file = await download(remote, { to: folder() });
  expect(file).toMatchObject({ bytes: 0, verified: 'length + etag + md5' });
  expect(readFileSync(file.path)).toHaveLength(0);
});

/** Breaks a download off after its first megabyte. @returns how many bytes it left beside the target */
async function breakOff(remote: RemoteFile, path: string): Promise<number> {
  const stop = new AbortController();
  const broken = download(remote, {
    path,
    signal: stop.signal,
    onProgress: ({ bytes }) => {
      if (bytes > 1_000_000) stop.abort();
    },
  });
  await expect(broken).rejects.toMatchObject({ code: 'ABORTED' });
  return statSync(`${path}.datasaur-partial`).size;
}

it('continues a download that was broken off', async () => {
  const bytes = await zipOf(8_000_000, 2);
  await put('large.zip', bytes);
  const url = await presign('large.zip');
  const to = folder();
  const path = join(to, 'mine.zip');
  const kept = await breakOff(await waitUntilReady(url), path);
  expect(kept).toBeGreaterThan(1_000_000);
  expect(kept).toBeLessThan(bytes.length);

  const positions: number[] = [];
  const file = await download(await waitUntilReady(url), {
    path,
    onProgress: (progress) => positions.push(progress.bytes),
  });
  expect(positions[0]).toBe(kept);
  expect(file).toMatchObject({ sha256: sha256(bytes), verified: 'length + etag + zip-crc + md5' });
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(readdirSync(to)).toEqual(['mine.zip']);
});

it('does not mix two objects, though s3rver heeds no If-Match', async () => {
  await put('replaced.zip', await zipOf(8_000_000, 3));
  const remote = await waitUntilReady(await presign('replaced.zip'));
  const to = folder();
  const path = join(to, 'replaced.zip');
  await breakOff(remote, path);
  await put('replaced.zip', await zipOf(8_000_000, 4));
  await expect(download(remote, { path })).rejects.toMatchObject({ code: 'OBJECT_CHANGED' });
  expect(readdirSync(to)).toEqual([]);
});

it('gives a URL that has expired up at once', async () => {
  const url = await presign('never.zip', { signingDate: new Date(Date.now() - 3_600_000) });
  const attempts: Attempt[] = [];
  const wait = waitUntilReady(url, { timeout: '20s', onAttempt: (attempt) => attempts.push(attempt) });
  await expect(wait).rejects.toMatchObject({ code: 'URL_EXPIRED' });
  expect(attempts.length).toBeLessThanOrEqual(1);
});

// s3rver checks the key's name, but not what a presigned URL's signature says.
it('gives a URL of an unknown access key up at once', async () => {
  const url = (await presign('large.zip')).replace('Credential=S3RVER', 'Credential=ANOTHER');
  await expect(waitUntilReady(url, { timeout: '20s' })).rejects.toMatchObject({ code: 'URL_REJECTED' });
});
