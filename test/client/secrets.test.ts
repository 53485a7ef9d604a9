import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { createDatasaurClient, type DatasaurExportError } from '../../src/index.js';
import { answer, closeApis, failureOf, grant, json, scriptedApi, type Answer } from './scripted-api.js';

afterEach(closeApis);

const token = 'tok-Secret.of+the/caller=';
const clientSecret = 'client/secret+with=odd signs';
const request = { teamId: '121' } as const;

/** Everything that a log could show of an error. */
function visible(error: DatasaurExportError): string {
  const cause = error.cause instanceof Error ? [error.cause.message, error.cause.stack] : [];
  return [
    error.message,
    error.hint,
    error.stack,
    String(error),
    ...cause,
    JSON.stringify(error),
    JSON.stringify(error.details),
    inspect(error, { depth: 9, showHidden: true }),
  ].join('\n');
}

const said = `refused ${token} and Bearer ${token} and ${clientSecret}`;
const echoes: [string, Answer][] = [
  ['a GraphQL error', json(200, { errors: [{ message: said, extensions: { said } }] })],
  ['a GraphQL error with 400', json(400, { errors: [{ message: said }] })],
  ['Unauthorized', json(401, { errors: [{ message: said, extensions: { type: 'AuthenticationError' } }] })],
  ['Forbidden', json(403, { errors: [{ message: said }] })],
  ['a 400 in plain text', answer(400, said)],
  ['a 400 in JSON', json(400, { detail: said })],
  [
    'a 400 that echoes the headers',
    (response, { headers }) => response.writeHead(400).end(JSON.stringify(headers)),
  ],
  ['a 500', answer(500, said)],
  ['a web page', answer(200, `<html>${said}</html>`, { 'content-type': 'text/html' })],
  ['something that is not JSON', answer(200, said, { 'content-type': 'application/json' })],
  ['a redirect', answer(302, said, { location: `/?access_token=${token}` })],
  ['data of another shape', json(200, { data: { exportTeamOverview: { exportId: null, said } } })],
];

test.each(echoes)('no secret is shown after %s echoed it', async (_, echo) => {
  const api = await scriptedApi({ graphql: [echo], token: [grant(token)] });
  const client = createDatasaurClient({
    baseUrl: api.url,
    credentials: { clientId: 'client', clientSecret },
  });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(visible(error)).not.toContain(token);
  expect(visible(error)).not.toContain(clientSecret);
  expect(visible(error)).toContain(error.code);
});

test.each<[string, Answer]>([
  [
    'in the description',
    json(401, { error: 'invalid_client', error_description: `bad secret ${clientSecret}` }),
  ],
  [
    'as the request body',
    (response, received) =>
      json(400, { error: 'invalid_request', error_description: received.body })(response, received),
  ],
  ['in an error of the server', json(500, { error: `cannot use ${clientSecret}` })],
  ['as text', answer(500, clientSecret)],
])('no secret is shown after the token endpoint echoed it %s', async (_, echo) => {
  const api = await scriptedApi({ token: [echo] });
  const client = createDatasaurClient({
    baseUrl: api.url,
    credentials: { clientId: 'client', clientSecret },
  });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(visible(error)).not.toContain(clientSecret);
  expect(visible(error)).not.toContain(encodeURIComponent(clientSecret));
  expect(visible(error)).not.toContain(new URLSearchParams({ x: clientSecret }).toString().slice(2));
});

test('no secret is shown that an injected fetch puts into its error', async () => {
  const client = createDatasaurClient({
    baseUrl: 'http://127.0.0.1:1',
    credentials: { accessToken: token },
    fetch: async (_, init) => {
      const error = Object.assign(new Error(`failed: ${token}`), { request: init });
      return Promise.reject(new TypeError(`cannot send ${JSON.stringify(init?.headers)}`, { cause: error }));
    },
  });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('EXPORT_MAY_HAVE_STARTED');
  expect(error.cause).toBeInstanceOf(Error);
  expect(visible(error)).not.toContain(token);
});

test('no secret is shown of a token source that fails', async () => {
  const given = [token];
  const api = await scriptedApi({ graphql: [answer(401, '')] });
  const source = (): string => {
    const next = given.shift();
    if (next === undefined) throw new Error(`no more than ${token}`);
    return next;
  };
  const client = createDatasaurClient({ baseUrl: api.url, credentials: source });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('TOKEN_REQUEST_FAILED');
  expect(visible(error)).not.toContain(token);
});

test('no signature of the file is shown when its URL is refused', async () => {
  const fileUrl = 'http://files.example/a.zip?X-Amz-Signature=0123456789abcdef';
  const api = await scriptedApi({
    graphql: [
      json(200, { data: { exportTeamOverview: { exportId: 'x', fileUrl, fileUrlExpiredAt: null } } }),
    ],
  });
  const client = createDatasaurClient({ baseUrl: api.url, credentials: { accessToken: token } });
  const error = await failureOf(client.requestTeamOverview(request));
  expect(error.code).toBe('FILE_URL_REFUSED');
  expect(visible(error)).not.toContain('0123456789abcdef');
});

test('the client itself shows no secret', () => {
  const client = createDatasaurClient({ credentials: { clientId: 'client', clientSecret } });
  expect(inspect(client, { depth: 9, showHidden: true })).not.toContain(clientSecret);
  expect(JSON.stringify(client)).toBe('{}');
});
