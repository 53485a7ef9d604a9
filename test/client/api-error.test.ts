import { expect, test } from '@jest/globals';
import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import { apiError } from '../../src/client/api-error.js';
import { DatasaurExportError } from '../../src/errors/index.js';

function serverError(status: number, bodyText: string, contentType: string): ServerError {
  const response = new Response(null, { status, headers: { 'content-type': contentType } });
  return new ServerError('…', { response, bodyText });
}

const page = serverError(200, '<html></html>', 'text/html');
const moved = new ServerError('…', {
  response: { status: 302, headers: new Headers() } as Response,
  bodyText: '',
});

test.each([
  ['https://datasaur.ai/graphql', page, 'API_INVALID_RESPONSE', true],
  ['https://datasaur.ai/graphql', moved, 'API_REDIRECTED', true],
  ['https://datasaur.ai/graphql', serverError(404, '', 'text/plain'), 'API_HTTP_ERROR', true],
  ['https://datasaur.ai/graphql', serverError(403, '<html></html>', 'text/html'), 'PERMISSION_DENIED', true],
  ['https://app.datasaur.ai/graphql', page, 'API_INVALID_RESPONSE', false],
  ['https://datasaur.example/graphql', moved, 'API_REDIRECTED', false],
  [undefined, page, 'API_INVALID_RESPONSE', false],
])('the other host is named only for datasaur.ai: %s %#', (graphqlUrl, cause, code, named) => {
  const error = apiError(cause, { sideEffects: false, graphqlUrl, secrets: [] });
  expect(error.code).toBe(code);
  expect(error.hint.includes('https://app.datasaur.ai')).toBe(named);
});

test('an error of our own is passed on as it is', () => {
  const own = new DatasaurExportError('NO_CREDENTIALS', 'none');
  expect(apiError(own, { sideEffects: true, secrets: [] })).toBe(own);
});

test.each([
  ['ECONNREFUSED', 'API_UNREACHABLE'],
  ['ENOTFOUND', 'API_UNREACHABLE'],
  ['EAI_AGAIN', 'API_UNREACHABLE'],
  ['UND_ERR_CONNECT_TIMEOUT', 'API_UNREACHABLE'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'API_UNREACHABLE'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'API_UNREACHABLE'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'API_UNREACHABLE'],
  ['ECONNRESET', 'EXPORT_MAY_HAVE_STARTED'],
  ['ETIMEDOUT', 'EXPORT_MAY_HAVE_STARTED'],
  ['EPIPE', 'EXPORT_MAY_HAVE_STARTED'],
  ['UND_ERR_SOCKET', 'EXPORT_MAY_HAVE_STARTED'],
])('%s of a request with side effects is %s', (code, expected) => {
  const cause = new TypeError('fetch failed', { cause: Object.assign(new Error('inner'), { code }) });
  const error = apiError(cause, { sideEffects: true, secrets: [] });
  expect(error.code).toBe(expected);
  expect(error.message).toContain(code);
});

test('a certificate that cannot be verified hints at NODE_EXTRA_CA_CERTS', () => {
  const cause = Object.assign(new Error('self-signed'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' });
  expect(apiError(cause, { sideEffects: true, secrets: [] }).hint).toContain('NODE_EXTRA_CA_CERTS');
});

test('a schema that differs is told apart from a refusal', () => {
  const refusal = (message: string): string =>
    apiError(new CombinedGraphQLErrors({ errors: [{ message }] }), { sideEffects: true, secrets: [] }).hint;
  expect(refusal('Cannot query field "x" on type "Query".')).toMatch(/schema differs/);
  expect(refusal('No such team')).toMatch(/Check the team id/);
});

test.each([undefined, null, 'text', 17, {}])('%j as an error is an error all the same', (thrown) => {
  expect(apiError(thrown, { sideEffects: true, secrets: [] }).code).toBe('EXPORT_MAY_HAVE_STARTED');
});

test.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
  'a browser gives a lost connection no code: %s',
  (message) => {
    const lost = apiError(new TypeError(message), { sideEffects: true, secrets: [] });
    expect(lost.code).toBe('EXPORT_MAY_HAVE_STARTED');
    expect(lost.message).toContain(message.replace(/\.$/, ''));
    expect(apiError(new TypeError(message), { sideEffects: false, secrets: [] }).code).toBe(
      'API_UNREACHABLE',
    );
  },
);

test('what Apollo trips over is no GraphQL', () => {
  const tripped = new TypeError("Cannot read properties of null (reading 'data')");
  expect(apiError(tripped, { sideEffects: true, secrets: [] }).code).toBe('API_INVALID_RESPONSE');
});
