import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import crossFetch from 'cross-fetch';
import { createDatasaurClient, type DatasaurClient } from '../../src/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import {
  closeApis,
  cutOff,
  failureOf,
  freePort,
  hang,
  reset,
  scriptedApi,
  started,
  type Answer,
} from './scripted-api.js';

afterEach(closeApis);

const request = { teamId: '121' } as const;
const credentials = { accessToken: 'static-token' };

function clientOf(baseUrl: string, requestTimeout = '20s'): DatasaurClient {
  return createDatasaurClient({ baseUrl, credentials, requestTimeout });
}

test('two identical concurrent exports are two requests and two exportIds', async () => {
  const sandbox = await startSandbox();
  try {
    const client = createDatasaurClient({
      baseUrl: sandbox.url,
      credentials: { accessToken: sandbox.accessToken },
    });
    const handles = await Promise.all([
      client.requestTeamOverview(request),
      client.requestTeamOverview(request),
    ]);
    const ids = handles.map(({ exportId }) => exportId);
    expect(new Set(ids).size).toBe(2);
    expect(sandbox.exports.map(({ exportId }) => exportId).sort()).toEqual(ids.sort());
    expect(sandbox.requests).toHaveLength(2);
    const third = await client.requestTeamOverview(request);
    expect(ids).not.toContain(third.exportId);
  } finally {
    await sandbox.close();
  }
});

test('a refused connection is tried again until the server is there', async () => {
  const port = await freePort();
  const handle = clientOf(`http://127.0.0.1:${port}`).requestTeamOverview(request);
  await sleep(80);
  const api = await scriptedApi({ port, graphql: [started()] });
  expect((await handle).exportId).toBe('ExportQueue:1');
  expect(api.operations).toHaveLength(1);
});

test('a connection that stays refused is API_UNREACHABLE after three tries', async () => {
  const port = await freePort();
  let tries = 0;
  const client = createDatasaurClient({
    baseUrl: `http://127.0.0.1:${port}`,
    credentials,
    fetch: async (input, init) => {
      tries += 1;
      return crossFetch(input, init);
    },
  });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('API_UNREACHABLE');
  expect(error.message).toBe(
    `The API at 127.0.0.1:${port} could not be reached (ECONNREFUSED); nothing was started.`,
  );
  expect(tries).toBe(3);
});

test('a refused connection of the token endpoint is API_UNREACHABLE', async () => {
  const port = await freePort();
  const client = createDatasaurClient({
    baseUrl: `http://127.0.0.1:${port}`,
    credentials: { clientId: 'client', clientSecret: 'the-client-secret' },
  });
  expect((await failureOf(client.requestTeamOverview(request))).code).toBe('API_UNREACHABLE');
});

test('an abort while the connection is refused ends the retrying', async () => {
  const port = await freePort();
  const controller = new AbortController();
  const pending = failureOf(
    clientOf(`http://127.0.0.1:${port}`).requestTeamOverview(request, { signal: controller.signal }),
  );
  await sleep(50);
  controller.abort();
  expect((await pending).code).toBe('ABORTED');
  await sleep(50);
  const api = await scriptedApi({ port, graphql: [started()] });
  await sleep(400);
  expect(api.operations).toHaveLength(0);
});

const lost: [string, Answer, string, RegExp][] = [
  ['a reset after the request was read', reset, '20s', /ECONNRESET/],
  ['silence', hang, '300ms', /no answer within 0\.3 s/],
  ['a body that is cut off', cutOff, '20s', /cut off|ERR_STREAM_PREMATURE_CLOSE|ECONNRESET/],
  [
    'headers and then silence',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"data":');
    },
    '300ms',
    /no answer within 0\.3 s/,
  ],
];

test.each(lost)(
  '%s is EXPORT_MAY_HAVE_STARTED, and soon, after one request',
  async (_, how, timeout, why) => {
    const api = await scriptedApi({ graphql: [how, started()] });
    const begun = performance.now();
    const error = await failureOf(clientOf(api.url, timeout).requestTeamOverview(request));
    expect(error.code).toBe('EXPORT_MAY_HAVE_STARTED');
    expect(error.message).toMatch(why);
    expect(performance.now() - begun).toBeLessThan(5000);
    await sleep(350);
    expect(api.operations).toHaveLength(1);
  },
);

test.each(lost)('%s is API_UNREACHABLE for a query without side effects', async (_, how, timeout) => {
  const api = await scriptedApi({ graphql: [how, started()] });
  const error = await failureOf(clientOf(api.url, timeout).getAllTeams());
  expect(error.code).toBe('API_UNREACHABLE');
  expect(api.operations).toHaveLength(1);
});

test('after an answer, an export is sent on a new connection although the server closed the last', async () => {
  const closing: Answer = (response, received) => {
    response.once('finish', () => response.socket?.destroy());
    return started()(response, received);
  };
  const api = await scriptedApi({ graphql: [closing] });
  const client = clientOf(api.url);
  for (let round = 0; round < 5; round += 1) await client.requestTeamOverview(request);
  expect(api.operations).toHaveLength(5);
});

test('an abort while the answer is awaited is ABORTED, and says that an export may have been started', async () => {
  const api = await scriptedApi({ graphql: [hang] });
  const controller = new AbortController();
  const pending = failureOf(clientOf(api.url).requestTeamOverview(request, { signal: controller.signal }));
  for (let round = 0; api.operations.length === 0 && round < 400; round += 1) await sleep(10);
  controller.abort();
  const error = await pending;
  expect(error.code).toBe('ABORTED');
  expect(error.name).toBe('AbortError');
  expect(error.hint).toMatch(/may have been started/);
});

test('a signal that has fired already sends nothing', async () => {
  const api = await scriptedApi({ graphql: [started()] });
  const error = await failureOf(
    clientOf(api.url).requestTeamOverview(request, { signal: AbortSignal.abort() }),
  );
  expect(error.code).toBe('ABORTED');
  expect(error.hint).toBe('Nothing was started.');
  expect(api.operations).toHaveLength(0);
});
