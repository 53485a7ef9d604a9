import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import crossFetch from 'cross-fetch';
import {
  createDatasaurClient,
  download,
  parseHandle,
  serializeHandle,
  waitUntilReady,
  type DatasaurClient,
  type ExportProgress,
} from '../../src/index.js';
import {
  startSandbox,
  type Sandbox,
  type SandboxFailure,
  type SandboxOptions,
} from '../../src/sandbox/index.js';
import { failureOf } from '../client/scripted-api.js';

const name = 'Team Overview - Team Alvin.zip';
let folder = '';
let sandbox: Sandbox | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'datasaur-journey-'));
});

afterEach(async () => {
  await sandbox?.close();
  sandbox = null;
  await rm(folder, { recursive: true, force: true });
});

async function start(options: SandboxOptions = {}): Promise<Sandbox> {
  sandbox = await startSandbox({ readyAfter: 0, ...options });
  return sandbox;
}

function clientOf({ url, accessToken }: Sandbox, fetch?: typeof globalThis.fetch): DatasaurClient {
  return createDatasaurClient({ baseUrl: url, credentials: { accessToken }, fetch });
}

function kindsOf({ requests }: Sandbox): string[] {
  return requests.map(({ kind }) => kind);
}

async function expectVerified(box: Sandbox, file: Awaited<ReturnType<typeof download>>): Promise<void> {
  const bytes = await readFile(file.path);
  const expected = await box.archiveOf(box.exports.at(-1)!.exportId);
  expect(bytes.equals(expected)).toBe(true);
  expect(file).toEqual({
    path: file.path,
    bytes: expected.length,
    sha256: createHash('sha256').update(expected).digest('hex'),
    etag: createHash('md5').update(expected).digest('hex'),
    verified: 'length + etag + zip-crc + md5',
  });
}

test.each([10_000, 3_000_000])(
  'a file of some %s bytes that comes late is downloaded and verified',
  async (size) => {
    const box = await start({ readyAfter: '500ms', fileSize: size });
    const { DATASAUR_CLIENT_ID: clientId, DATASAUR_CLIENT_SECRET: clientSecret } = box.environment;
    const client = createDatasaurClient({ baseUrl: box.url, credentials: { clientId, clientSecret } });
    const phases: ExportProgress['phase'][] = [];
    const file = await client.downloadTeamOverview(
      { teamId: '121' },
      { to: `${folder}/new/exports/`, onProgress: ({ phase }) => phases.push(phase) },
    );
    expect(file.path).toBe(join(folder, 'new', 'exports', name));
    await expectVerified(box, file);
    expect(await readdir(join(folder, 'new', 'exports'))).toEqual([name]);
    expect([...new Set(phases)]).toEqual(['requesting', 'requested', 'waiting', 'downloading', 'verified']);
    expect(phases.filter((phase) => phase === 'waiting').length).toBeGreaterThan(1);
    expect(box.exports).toHaveLength(1);
    const statuses = box.requests.filter(({ kind }) => kind === 'object').map(({ status }) => status);
    expect(statuses[0]).toBe(404);
    expect(statuses.slice(statuses.indexOf(206)).every((status) => status === 206)).toBe(true);
  },
);

test('no request for the file carries the token', async () => {
  const box = await start();
  await clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: folder });
  const objects = box.requests.filter(({ kind }) => kind === 'object');
  expect(objects.length).toBeGreaterThan(0);
  expect(objects.map(({ headers }) => headers.authorization)).toEqual(objects.map(() => undefined));
  expect(objects.map(({ headers }) => headers.range)).not.toContain(undefined);
});

test('stage by stage, the handle going through another process', async () => {
  const box = await start({ readyAfter: '300ms' });
  const handle = await clientOf(box).requestTeamOverview({ teamId: '121' });
  const elsewhere = parseHandle(serializeHandle(handle));
  expect(elsewhere.method).toBe('FILE_STORAGE');
  const remote = await waitUntilReady(elsewhere.fileUrl!, { timeout: '20s' });
  await expectVerified(box, await download(remote, { to: join(folder, 'mine.zip') }));
  expect(await readdir(folder)).toEqual(['mine.zip']);
});

test('a handle is finished by another client', async () => {
  const box = await start({ readyAfter: '300ms' });
  const handle = await clientOf(box).requestTeamOverview({ teamId: '121' });
  await expectVerified(box, await clientOf(box).downloadExport(handle, { to: folder }));
  expect(box.exports).toHaveLength(1);
});

test('FAILED ends the wait at once as EXPORT_FAILED, and leaves nothing', async () => {
  const box = await start({ readyAfter: '300ms', failures: { 121: 'FAILED' } });
  const begun = performance.now();
  const error = await failureOf(
    clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: `${folder}/new/` }),
  );
  expect(error.code).toBe('EXPORT_FAILED');
  expect(error.message).toContain('as the sandbox was told to');
  expect(performance.now() - begun).toBeLessThan(15_000);
  expect(await readdir(folder)).toEqual([]);
});

test('a file that never comes is NOT_READY at the deadline, and leaves nothing', async () => {
  const box = await start({ failures: { 121: 'NEVER_READY' } });
  const begun = performance.now();
  const error = await failureOf(
    clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: `${folder}/new/`, timeout: '1200ms' }),
  );
  const took = performance.now() - begun;
  expect(error.code).toBe('NOT_READY');
  // On a busy machine the last attempt, shortly before the deadline, may not be answered in time.
  expect(error.message).toContain('404');
  expect(took).toBeGreaterThan(1100);
  expect(await readdir(folder)).toEqual([]);
});

test.each([
  ['CORRUPT_FILE', 'ARCHIVE_INVALID'],
  ['EMPTY_FILE', 'ARCHIVE_INVALID'],
  ['EXPIRED_URL', 'URL_EXPIRED'],
] as [SandboxFailure, string][])('%s is %s, and leaves nothing', async (failure, code) => {
  const box = await start({ failures: { 121: failure } });
  const error = await failureOf(clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: folder }));
  expect(error.code).toBe(code);
  expect(await readdir(folder)).toEqual([]);
});

test('a corrupt file does not replace the previous good one', async () => {
  const box = await start({ failures: { 121: 'CORRUPT_FILE' } });
  await writeFile(join(folder, name), 'previous');
  const error = await failureOf(
    clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: folder, overwrite: true }),
  );
  expect(error.code).toBe('ARCHIVE_INVALID');
  expect(await readdir(folder)).toEqual([name]);
  expect(await readFile(join(folder, name), 'utf8')).toBe('previous');
});

test('an existing file is found before anything is requested where the target is a file', async () => {
  const box = await start();
  const target = join(folder, 'mine.zip');
  await writeFile(target, 'previous');
  const error = await failureOf(clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: target }));
  expect(error.code).toBe('FILE_EXISTS');
  expect(box.requests).toEqual([]);
  expect(await readFile(target, 'utf8')).toBe('previous');
});

test('an existing file is found before the file is asked for where the target is a directory', async () => {
  const box = await start();
  await writeFile(join(folder, name), 'previous');
  const error = await failureOf(clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: folder }));
  expect(error.code).toBe('FILE_EXISTS');
  expect(kindsOf(box)).toEqual(['graphql']);
  expect(await readdir(folder)).toEqual([name]);
  expect(await readFile(join(folder, name), 'utf8')).toBe('previous');
});

test('an existing file is replaced where that is asked for', async () => {
  const box = await start();
  await writeFile(join(folder, name), 'previous');
  await expectVerified(
    box,
    await clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: folder, overwrite: true }),
  );
  expect(await readdir(folder)).toEqual([name]);
});

test.each([
  ['a timeout that is none', { timeout: 'soon' }],
  ['an empty target', { to: '' }],
])('%s is INVALID_ARGUMENT before anything is requested', async (_, options) => {
  const box = await start();
  const error = await failureOf(clientOf(box).downloadTeamOverview({ teamId: '121' }, options));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(box.requests).toEqual([]);
});

test('a target in a directory that is missing is OUTPUT_UNUSABLE before anything is requested', async () => {
  const box = await start();
  const error = await failureOf(
    clientOf(box).downloadTeamOverview({ teamId: '121' }, { to: join(folder, 'missing', 'a.zip') }),
  );
  expect(error.code).toBe('OUTPUT_UNUSABLE');
  expect(box.requests).toEqual([]);
});

test('an abort ends the wait, with no request after it', async () => {
  const box = await start({ failures: { 121: 'NEVER_READY' } });
  const controller = new AbortController();
  const pending = failureOf(
    clientOf(box).downloadTeamOverview(
      { teamId: '121' },
      { to: `${folder}/new/`, signal: controller.signal },
    ),
  );
  for (let round = 0; !kindsOf(box).includes('object') && round < 200; round += 1) await sleep(20);
  controller.abort();
  const error = await pending;
  expect(error.code).toBe('ABORTED');
  const { length } = box.requests;
  await sleep(1500);
  expect(box.requests).toHaveLength(length);
  expect(await readdir(folder)).toEqual([]);
});

test('an injected fetch is used for the API, the tokens and the file', async () => {
  const box = await start({ readyAfter: '300ms' });
  const { DATASAUR_CLIENT_ID: clientId, DATASAUR_CLIENT_SECRET: clientSecret } = box.environment;
  const seen: string[] = [];
  const client = createDatasaurClient({
    baseUrl: box.url,
    credentials: { clientId, clientSecret },
    fetch: async (input, init) => {
      seen.push(new URL(input instanceof Request ? input.url : input).pathname);
      return crossFetch(input, init);
    },
  });
  const file = await client.downloadTeamOverview({ teamId: '121' }, { to: folder });
  await expectVerified(box, file);
  expect(seen).toHaveLength(box.requests.length);
  expect(seen).toEqual(box.requests.map(({ path }) => path.split('?')[0]));
  expect(new Set(kindsOf(box))).toEqual(new Set(['token', 'graphql', 'object']));
});

test('the built-in fetch may be injected', async () => {
  const box = await start({ readyAfter: '300ms', fileSize: 500_000 });
  await expectVerified(
    box,
    await clientOf(box, globalThis.fetch).downloadTeamOverview({ teamId: '121' }, { to: folder }),
  );
});

function ownApolloClient(box: Sandbox, token = box.accessToken): ApolloClient {
  const headers = { authorization: `Bearer ${token}` };
  return new ApolloClient({
    link: new HttpLink({ uri: `${box.url}/graphql`, headers, fetch: crossFetch }),
    cache: new InMemoryCache(),
  });
}

test('an existing ApolloClient is used, uncached and undeduplicated', async () => {
  const box = await start();
  const datasaur = createDatasaurClient({ apolloClient: ownApolloClient(box) });
  const request = { teamId: '121' } as const;
  const [one, other] = await Promise.all([
    datasaur.requestTeamOverview(request),
    datasaur.requestTeamOverview(request),
  ]);
  expect(one.exportId).not.toBe(other.exportId);
  expect(box.exports).toHaveLength(2);
  await expectVerified(box, await datasaur.downloadTeamOverview(request, { to: folder }));
  expect(box.exports).toHaveLength(3);
});

test('an existing ApolloClient is told that its token is refused, without a retry', async () => {
  const box = await start();
  const datasaur = createDatasaurClient({ apolloClient: ownApolloClient(box, 'unknown-token') });
  const error = await failureOf(datasaur.requestTeamOverview({ teamId: '121' }));
  expect(error.code).toBe('AUTHENTICATION_FAILED');
  expect(kindsOf(box)).toEqual(['graphql']);
});
