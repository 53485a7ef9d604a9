import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createDatasaurClient, type DatasaurClient } from '../../src/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import {
  answer,
  closeApis,
  failureOf,
  grant,
  json,
  scriptedApi,
  started,
  unauthorized200,
  unauthorized401,
  type Answer,
  type ScriptedApi,
} from './scripted-api.js';

afterEach(closeApis);

const credentials = { clientId: 'client', clientSecret: 'the-client-secret' };
const request = { teamId: '121' } as const;

function clientOf(api: ScriptedApi): DatasaurClient {
  return createDatasaurClient({ baseUrl: api.url, credentials });
}

function late(milliseconds: number): Answer {
  return async (response, received) => {
    await sleep(milliseconds);
    grant()(response, received);
  };
}

function sentTokens(api: ScriptedApi): (string | undefined)[] {
  return api.operations.map(({ headers }) => headers.authorization);
}

test('the token is asked for as OAuth 2.0 client credentials, form-encoded', async () => {
  const api = await scriptedApi({ graphql: [started()] });
  await clientOf(api).requestTeamOverview(request);
  expect(api.tokenRequests).toHaveLength(1);
  expect(api.tokenRequests[0]!.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(api.tokenRequests[0]!.body))).toEqual({
    client_id: 'client',
    client_secret: 'the-client-secret',
    grant_type: 'client_credentials',
  });
  expect(sentTokens(api)).toEqual(['Bearer token-1']);
});

test('20 concurrent callers share one token request', async () => {
  const api = await scriptedApi({
    graphql: [started()],
    token: [late(100)],
  });
  const client = clientOf(api);
  await Promise.all(Array.from({ length: 20 }, async () => client.requestTeamOverview(request)));
  expect(api.tokenRequests).toHaveLength(1);
  expect(api.operations).toHaveLength(20);
});

test('20 concurrent callers share one token of the sandbox', async () => {
  const sandbox = await startSandbox();
  try {
    const { DATASAUR_CLIENT_ID: clientId, DATASAUR_CLIENT_SECRET: clientSecret } = sandbox.environment;
    const client = createDatasaurClient({ baseUrl: sandbox.url, credentials: { clientId, clientSecret } });
    await Promise.all(Array.from({ length: 20 }, async () => client.requestTeamOverview(request)));
    expect(sandbox.requests.filter(({ kind }) => kind === 'token')).toHaveLength(1);
    expect(sandbox.exports).toHaveLength(20);
  } finally {
    await sandbox.close();
  }
});

test('20 concurrent callers whose token was refused share one renewal', async () => {
  const api = await scriptedApi({
    graphql: [
      (response, received) =>
        (received.headers.authorization === 'Bearer old' ? unauthorized401 : started())(response, received),
    ],
    token: [grant('old'), grant('new')],
  });
  const client = clientOf(api);
  await Promise.all(Array.from({ length: 20 }, async () => client.requestTeamOverview(request)));
  expect(api.tokenRequests).toHaveLength(2);
  expect(sentTokens(api).filter((token) => token === 'Bearer new')).toHaveLength(20);
});

test('a token is used until shortly before it expires, then renewed before it is refused', async () => {
  const api = await scriptedApi({ graphql: [started()], token: [grant('a', 1), grant('b', 3600)] });
  const client = clientOf(api);
  await client.requestTeamOverview(request);
  await client.requestTeamOverview(request);
  await sleep(920);
  await client.requestTeamOverview(request);
  await client.requestTeamOverview(request);
  expect(sentTokens(api)).toEqual(['Bearer a', 'Bearer a', 'Bearer b', 'Bearer b']);
  expect(api.tokenRequests).toHaveLength(2);
});

test.each([[null], ['soon'], [0]])(
  'a token with expires_in %j is used until it is refused',
  async (expiresIn) => {
    const api = await scriptedApi({ graphql: [started()], token: [grant('a', expiresIn), grant('b')] });
    const client = clientOf(api);
    await client.requestTeamOverview(request);
    await client.requestTeamOverview(request);
    expect(api.tokenRequests).toHaveLength(1);
  },
);

describe.each([
  ['HTTP 401', unauthorized401],
  ['HTTP 401 with an HTML body', answer(401, '<html>no</html>', { 'content-type': 'text/html' })],
  ['HTTP 401 with an empty body', answer(401, '')],
  ['HTTP 200 with a GraphQL error', unauthorized200],
  [
    'code UNAUTHENTICATED',
    json(200, { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }),
  ],
])('Unauthorized as %s', (_, refusal) => {
  test('leads to one renewal, then to success', async () => {
    const api = await scriptedApi({ graphql: [refusal, started()], token: [grant('old'), grant('new')] });
    const handle = await clientOf(api).requestTeamOverview(request);
    expect(handle.exportId).toBe('ExportQueue:1');
    expect(sentTokens(api)).toEqual(['Bearer old', 'Bearer new']);
    expect(api.tokenRequests).toHaveLength(2);
  });

  test('twice is AUTHENTICATION_FAILED after exactly two tries', async () => {
    const api = await scriptedApi({ graphql: [refusal], token: [grant('old'), grant('new')] });
    const error = await failureOf(clientOf(api).requestTeamOverview(request));
    expect(error.code).toBe('AUTHENTICATION_FAILED');
    expect(sentTokens(api)).toEqual(['Bearer old', 'Bearer new']);
  });

  test('is final for a static token', async () => {
    const api = await scriptedApi({ graphql: [refusal, started()] });
    const client = createDatasaurClient({ baseUrl: api.url, credentials: { accessToken: 'static-token' } });
    const error = await failureOf(client.requestTeamOverview(request));
    expect(error.code).toBe('AUTHENTICATION_FAILED');
    expect(sentTokens(api)).toEqual(['Bearer static-token']);
    expect(api.tokenRequests).toHaveLength(0);
  });

  test('asks an async token source once more, and retries only with another token', async () => {
    const api = await scriptedApi({ graphql: [refusal, started()] });
    const given = ['first-token', 'second-token'];
    const source = async (): Promise<string> => Promise.resolve(given.shift() ?? 'second-token');
    const client = createDatasaurClient({ baseUrl: api.url, credentials: source });
    await client.requestTeamOverview(request);
    expect(sentTokens(api)).toEqual(['Bearer first-token', 'Bearer second-token']);

    const stubborn = await scriptedApi({ graphql: [refusal, started()] });
    const same = createDatasaurClient({ baseUrl: stubborn.url, credentials: () => 'same-token' });
    const error = await failureOf(same.requestTeamOverview(request));
    expect(error.code).toBe('AUTHENTICATION_FAILED');
    expect(sentTokens(stubborn)).toEqual(['Bearer same-token']);
  });
});

test.each([200, 401] as const)('an unknown token is refused by the sandbox with HTTP %s', async (status) => {
  const sandbox = await startSandbox({ unauthorizedStatus: status });
  try {
    const client = createDatasaurClient({ baseUrl: sandbox.url, credentials: { accessToken: 'unknown' } });
    const error = await failureOf(client.requestTeamOverview(request));
    expect(error.code).toBe('AUTHENTICATION_FAILED');
    expect(sandbox.requests.map((entry) => [entry.kind, entry.status])).toEqual([['graphql', status]]);
  } finally {
    await sandbox.close();
  }
});

test('an async token source is asked for each request, and its line break is cut off', async () => {
  const api = await scriptedApi({ graphql: [started()] });
  let calls = 0;
  const source = async (): Promise<string> => Promise.resolve(`token-of-call-${(calls += 1)}\n`);
  const client = createDatasaurClient({ baseUrl: api.url, credentials: source });
  await client.requestTeamOverview(request);
  await client.requestTeamOverview(request);
  expect(sentTokens(api)).toEqual(['Bearer token-of-call-1', 'Bearer token-of-call-2']);
});

test('a token source that throws is TOKEN_REQUEST_FAILED, and nothing is sent', async () => {
  const api = await scriptedApi({ graphql: [started()] });
  const client = createDatasaurClient({
    baseUrl: api.url,
    credentials: async () => Promise.reject(new Error('vault is sealed')),
  });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('TOKEN_REQUEST_FAILED');
  expect((error.cause as Error).message).toBe('vault is sealed');
  expect(api.operations).toHaveLength(0);
});

test.each([
  ['an empty token', { accessToken: ' ' }],
  ['a token with a line break inside', { accessToken: 'a\nb' }],
  ['an empty client secret', { clientId: 'x', clientSecret: '' }],
  ['an empty client id', { clientId: '\n', clientSecret: 'x' }],
])('%s is NO_CREDENTIALS', (_, given) => {
  expect(() => createDatasaurClient({ credentials: given })).toThrow(
    expect.objectContaining({ code: 'NO_CREDENTIALS' }),
  );
});

test.each([
  [400, 'AUTHENTICATION_FAILED'],
  [401, 'AUTHENTICATION_FAILED'],
  [403, 'AUTHENTICATION_FAILED'],
  [404, 'TOKEN_REQUEST_FAILED'],
  [500, 'TOKEN_REQUEST_FAILED'],
  [200, 'TOKEN_REQUEST_FAILED'],
])('a token endpoint that answers %s without a token is %s', async (status, code) => {
  const api = await scriptedApi({
    graphql: [started()],
    token: [json(status, { error: 'invalid_client', error_description: 'No such client' })],
  });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.code).toBe(code);
  expect(error.message).toContain('invalid_client: No such client');
  expect(api.tokenRequests).toHaveLength(1);
  expect(api.operations).toHaveLength(0);
});

test('a failed token request is not remembered: the next call asks again', async () => {
  const api = await scriptedApi({ graphql: [started()], token: [json(503, {}), grant('later')] });
  const client = clientOf(api);
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('TOKEN_REQUEST_FAILED');
  await client.requestTeamOverview(request);
  expect(sentTokens(api)).toEqual(['Bearer later']);
});

test('a redirect of the token endpoint is not followed', async () => {
  const elsewhere = await scriptedApi();
  const api = await scriptedApi({
    graphql: [started()],
    token: [answer(307, '', { location: `${elsewhere.url}/api/oauth/token` })],
  });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.code).toBe('TOKEN_REQUEST_FAILED');
  expect(elsewhere.tokenRequests).toHaveLength(0);
});

test('one caller who gives up does not take the shared token request with it', async () => {
  const api = await scriptedApi({
    graphql: [started()],
    token: [late(150)],
  });
  const client = clientOf(api);
  const controller = new AbortController();
  const patient = client.requestTeamOverview(request);
  const impatient = failureOf(client.requestTeamOverview(request, { signal: controller.signal }));
  await sleep(50);
  controller.abort();
  expect((await impatient).code).toBe('ABORTED');
  expect((await patient).exportId).toBe('ExportQueue:1');
  expect(api.tokenRequests).toHaveLength(1);
  expect(api.operations).toHaveLength(1);
});
