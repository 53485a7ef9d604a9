import { afterEach, describe, expect, test } from '@jest/globals';
import { createDatasaurClient, type DatasaurClient, type ErrorCode } from '../../src/index.js';
import { startSandbox } from '../../src/sandbox/index.js';
import {
  answer,
  closeApis,
  exportResult,
  failureOf,
  json,
  scriptedApi,
  started,
  type Answer,
  type ScriptedApi,
} from './scripted-api.js';

afterEach(closeApis);

const request = { teamId: '121' } as const;
const html = { 'content-type': 'text/html' };
const asJson = { 'content-type': 'application/json' };

function clientOf(api: ScriptedApi): DatasaurClient {
  return createDatasaurClient({ baseUrl: api.url, credentials: { accessToken: 'static-token' } });
}

const unknownField = 'Cannot query field "exportTeamOverview" on type "Query".';
const noTeam = { message: 'No team 121', path: ['exportTeamOverview'] };

const failures: [string, Answer, ErrorCode, RegExp][] = [
  ['HTML 200', answer(200, '<html>Log in</html>', html), 'API_INVALID_RESPONSE', /web page/],
  ['HTML 200 that claims to be JSON', answer(200, '<!doctype html>', asJson), 'API_INVALID_RESPONSE', /web page/],
  ['HTML 404', answer(404, '<html>Not here</html>', html), 'API_INVALID_RESPONSE', /web page.*404/],
  ['HTML 502', answer(502, '<html>Bad gateway</html>', html), 'API_HTTP_ERROR', /HTTP 502/],
  ['an empty 200', answer(200, '', asJson), 'API_INVALID_RESPONSE', /empty answer/],
  ['an empty 200 without a type', answer(200, ''), 'API_INVALID_RESPONSE', /empty answer/],
  ['204', answer(204, ''), 'API_INVALID_RESPONSE', /empty answer/],
  ['truncated JSON', answer(200, '{"data":{"exportTe', asJson), 'API_INVALID_RESPONSE', /cut off/],
  ['null', answer(200, 'null', asJson), 'API_INVALID_RESPONSE', /answered/],
  ['[]', answer(200, '[]', asJson), 'API_INVALID_RESPONSE', /answered/],
  ['a string', answer(200, '"hello"', asJson), 'API_INVALID_RESPONSE', /answered/],
  ['{"hello":1}', answer(200, '{"hello":1}', asJson), 'API_INVALID_RESPONSE', /answered/],
  ['{"data":{}}', json(200, { data: {} }), 'API_INVALID_RESPONSE', /without the data/],
  ['{"data":null}', json(200, { data: null }), 'API_INVALID_RESPONSE', /without the data/],
  ['400 with GraphQL errors', json(400, { errors: [{ message: unknownField }] }), 'GRAPHQL_ERROR', /Cannot query field "exportTeamOverview"/],
  ['400 with text', answer(400, 'Malformed body'), 'API_HTTP_ERROR', /HTTP 400 \(Malformed body\)/],
  ['403', answer(403, ''), 'PERMISSION_DENIED', /HTTP 403/],
  ['403 with GraphQL errors', json(403, { errors: [{ message: 'Not your team' }] }), 'PERMISSION_DENIED', /Not your team/],
  ['"Forbidden" in 200', json(200, { errors: [{ message: 'Forbidden' }] }), 'PERMISSION_DENIED', /Forbidden/],
  ['404', answer(404, ''), 'API_HTTP_ERROR', /HTTP 404/],
  ['429', answer(429, ''), 'API_RATE_LIMITED', /HTTP 429/],
  ['500', answer(500, ''), 'API_HTTP_ERROR', /HTTP 500/],
  ['500 with JSON', json(500, { message: 'oops' }), 'API_HTTP_ERROR', /HTTP 500/],
  ['500 with GraphQL errors', json(500, { errors: [{ message: 'Worker died' }] }), 'GRAPHQL_ERROR', /Worker died/],
  ['503', answer(503, 'busy'), 'API_HTTP_ERROR', /HTTP 503/],
  ['errors without data', json(200, { errors: [noTeam] }), 'GRAPHQL_ERROR', /No team 121/],
  ['errors with data that is null', json(200, { data: null, errors: [noTeam] }), 'GRAPHQL_ERROR', /No team 121/],
  ['errors with a field that is null', json(200, { data: { exportTeamOverview: null }, errors: [noTeam] }), 'GRAPHQL_ERROR', /No team 121/],
  ['errors of the whole field beside data', json(200, { data: { exportTeamOverview: exportResult() }, errors: [noTeam] }), 'GRAPHQL_ERROR', /No team 121/],
]; // prettier-ignore

test.each(failures)('%s: %#', async (_, how, code, message) => {
  const api = await scriptedApi({ graphql: [how, started()] });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
  expect(api.operations).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])('a redirect with %s is not followed', async (status) => {
  const elsewhere = await scriptedApi({ graphql: [started()] });
  const api = await scriptedApi({ graphql: [answer(status, '', { location: `${elsewhere.url}/graphql` })] });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.code).toBe('API_REDIRECTED');
  expect(elsewhere.operations).toHaveLength(0);
  expect(api.operations).toHaveLength(1);
});

test('the built-in fetch does not follow a redirect either', async () => {
  const elsewhere = await scriptedApi({ graphql: [started()] });
  const api = await scriptedApi({ graphql: [answer(307, '', { location: `${elsewhere.url}/graphql` })] });
  const credentials = { accessToken: 'static-token' };
  const client = createDatasaurClient({ baseUrl: api.url, credentials, fetch: globalThis.fetch });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('API_REDIRECTED');
  expect(elsewhere.operations).toHaveLength(0);
});

test('Retry-After is passed on in the hint', async () => {
  const api = await scriptedApi({ graphql: [answer(429, '', { 'retry-after': '17' })] });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.hint).toBe('Try again in 17 s.');
});

test('an answer that starts an export may do so behind a 500', async () => {
  const api = await scriptedApi({ graphql: [answer(500, '')] });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.hint).toMatch(/may have been started/);
  const harmless = await failureOf(clientOf(api).getAllTeams());
  expect(harmless.hint).toBe('Try again later.');
});

test('several errors are all told, each once, and cleaned of what drives a terminal', async () => {
  const messages = ['One\u001b[31m', 'Two', 'Two'];
  const api = await scriptedApi({
    graphql: [json(200, { errors: messages.map((message) => ({ message })) })],
  });
  const error = await failureOf(clientOf(api).requestTeamOverview(request));
  expect(error.message).toBe('The API refused the operation: One [31m; Two.');
});

test.each([[['text']], [[{ message: 17 }]], [[{}]], [[null]], ['text']])(
  'malformed errors %j are an error all the same',
  async (errors) => {
    const api = await scriptedApi({ graphql: [json(200, { errors })] });
    const error = await failureOf(clientOf(api).requestTeamOverview(request));
    expect(['GRAPHQL_ERROR', 'API_INVALID_RESPONSE']).toContain(error.code);
  },
);

describe('harmless', () => {
  test.each<[string, Answer]>([
    [
      'an error of a nullable subfield beside whole data',
      json(200, {
        data: { exportTeamOverview: exportResult({ fileUrlExpiredAt: null }) },
        errors: [{ message: 'Clock broken', path: ['exportTeamOverview', 'fileUrlExpiredAt'] }],
      }),
    ],
    [
      'a warning beside whole data',
      json(200, { data: { exportTeamOverview: exportResult() }, errors: [{ message: 'Late' }] }),
    ],
    ['unknown extra fields', started({ queued: true, surprise: { deep: [1] }, __typename: 'Other' })],
    [
      'unknown extra fields of the envelope',
      json(200, { data: { exportTeamOverview: exportResult(), more: 1 }, hello: 2, extensions: { cost: 3 } }),
    ],
    ['an empty list of errors', json(200, { data: { exportTeamOverview: exportResult() }, errors: [] })],
    [
      'another content type',
      answer(200, JSON.stringify({ data: { exportTeamOverview: exportResult() } }), {
        'content-type': 'application/graphql-response+json; charset=utf-8',
      }),
    ],
    ['a numeric exportId', started({ exportId: 1 })],
  ])('%s', async (_, how) => {
    const api = await scriptedApi({ graphql: [how] });
    const handle = await clientOf(api).requestTeamOverview(request);
    expect(handle.exportId).toMatch(/^(ExportQueue:)?1$/);
    expect(handle.fileUrl.fileName).toBe('Team Overview.zip');
  });

  test('a delivery status that this version does not know', async () => {
    const status = { deliveryStatus: 'ARCHIVED', errors: [] };
    const api = await scriptedApi({ graphql: [json(200, { data: { getExportDeliveryStatus: status } })] });
    expect(await clientOf(api).getDeliveryStatus('x')).toEqual({ status: 'ARCHIVED', errors: [] });
  });
});

describe('against the sandbox', () => {
  test('teams, a refused team and an unknown team', async () => {
    const sandbox = await startSandbox();
    try {
      const { accessToken } = sandbox;
      const client = createDatasaurClient({ baseUrl: `${sandbox.url}/`, credentials: { accessToken } });
      const teams = await client.getAllTeams();
      expect(teams.map(({ id }) => id)).toEqual(['121', '122', '123', '124', '125']);
      const denied = await failureOf(client.requestTeamOverview({ teamId: '125' }));
      expect(denied.code).toBe('PERMISSION_DENIED');
      const unknown = await failureOf(client.requestTeamOverview({ teamId: '999' }));
      expect(unknown.code).toBe('GRAPHQL_ERROR');
      expect(sandbox.exports).toHaveLength(0);
    } finally {
      await sandbox.close();
    }
  });
});
