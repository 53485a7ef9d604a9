import { expect, test } from '@jest/globals';
import { createDatasaurClient, defaultBaseUrl, endpointsOf } from '../../src/index.js';

test('without a base URL it is the vendor’s', () => {
  expect(defaultBaseUrl).toBe('https://datasaur.ai');
  expect(endpointsOf()).toEqual({
    graphqlUrl: 'https://datasaur.ai/graphql',
    tokenUrl: 'https://datasaur.ai/api/oauth/token',
  });
});

test.each([
  ['https://datasaur.ai', 'https://datasaur.ai'],
  ['https://app.datasaur.ai/', 'https://app.datasaur.ai'],
  ['HTTPS://APP.Datasaur.AI', 'https://app.datasaur.ai'],
  ['https://datasaur.example:8443', 'https://datasaur.example:8443'],
  ['https://company.example/datasaur', 'https://company.example/datasaur'],
  ['https://company.example/datasaur///', 'https://company.example/datasaur'],
  ['http://localhost:4000', 'http://localhost:4000'],
  ['http://sandbox.localhost:4000', 'http://sandbox.localhost:4000'],
  ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
  ['http://127.8.9.10', 'http://127.8.9.10'],
  ['http://[::1]:4000', 'http://[::1]:4000'],
  ['http://2130706433', 'http://127.0.0.1'],
])('%s is accepted', (baseUrl, base) => {
  expect(endpointsOf(baseUrl)).toEqual({
    graphqlUrl: `${base}/graphql`,
    tokenUrl: `${base}/api/oauth/token`,
  });
});

test.each([
  ['', /not an http\(s\) URL/],
  ['datasaur.ai', /not an http\(s\) URL/],
  ['//datasaur.ai', /not an http\(s\) URL/],
  ['ftp://datasaur.ai', /not an http\(s\) URL/],
  ['file:///etc/passwd', /not an http\(s\) URL/],
  ['javascript:alert(1)', /not an http\(s\) URL/],
  ['https://user:pass@datasaur.ai', /user name or password/],
  ['https://user@datasaur.ai', /user name or password/],
  ['http://datasaur.ai', /plain http/],
  ['http://127.0.0.1.example', /plain http/],
  ['http://localhost.example', /plain http/],
  ['http://notlocalhost', /plain http/],
  ['http://0.0.0.0', /plain http/],
  ['http://10.0.0.1', /plain http/],
  ['https://datasaur.ai?x=1', /query or a fragment/],
  ['https://datasaur.ai#x', /query or a fragment/],
  ['https://datasaur.ai/graphql', /names the GraphQL endpoint/],
  ['https://datasaur.ai/graphql/', /names the GraphQL endpoint/],
])('%j is refused', (baseUrl, why) => {
  const refusal = expect.objectContaining({
    code: 'BASE_URL_REFUSED',
    message: expect.stringMatching(why),
  });
  expect(() => endpointsOf(baseUrl)).toThrow(refusal);
  expect(() => createDatasaurClient({ baseUrl, credentials: { accessToken: 'x' } })).toThrow(refusal);
});

test('a user name or password in the base URL is not repeated', () => {
  expect(() => endpointsOf('https://user:hunter2@datasaur.ai')).toThrow(/^(?!.*hunter2)/);
});

test('plain http to another host needs to be allowed, and nothing else is allowed with it', () => {
  const allowed = { allowInsecureHttp: true };
  expect(endpointsOf('http://datasaur.example', allowed).graphqlUrl).toBe('http://datasaur.example/graphql');
  for (const other of ['ftp://datasaur.example', 'http://user:pass@datasaur.example']) {
    expect(() => endpointsOf(other, allowed)).toThrow(expect.objectContaining({ code: 'BASE_URL_REFUSED' }));
  }
});
