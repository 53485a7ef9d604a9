import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { post } from './graphql-request.js';
import { send } from './raw-request.js';

const FORM = {
  client_id: 'sandbox-client',
  client_secret: 'sandbox-secret',
  grant_type: 'client_credentials',
};

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ tokenLifetime: '300ms' });
});
afterAll(async () => {
  await sandbox.close();
});

async function ask(form: Record<string, string>, from: Sandbox = sandbox) {
  const response = await send(`${from.url}/api/oauth/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return {
    status: response.status,
    headers: response.headers,
    json: JSON.parse(response.text) as Record<string, unknown>,
  };
}

test('issues a bearer token that is good for GraphQL until it expires', async () => {
  const { status, headers, json } = await ask(FORM);
  expect(status).toBe(200);
  expect(headers['cache-control']).toBe('no-store');
  expect(json).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: 0 });
  const authorization = { Authorization: `Bearer ${String(json['access_token'])}` };
  expect((await post(sandbox, '{ getAllTeams { id } }', {}, authorization)).response.status).toBe(200);
  await new Promise((resolve) => setTimeout(resolve, 350));
  expect((await post(sandbox, '{ getAllTeams { id } }', {}, authorization)).response.status).toBe(401);
});

test('tells the lifetime in seconds, and every token is another', async () => {
  const lasting = await startSandbox({ clientId: 'me', clientSecret: 'ünïcode &=' });
  try {
    const form = { ...FORM, client_id: 'me', client_secret: 'ünïcode &=' };
    const [one, other] = [await ask(form, lasting), await ask(form, lasting)];
    expect(one.json['expires_in']).toBe(3600);
    expect(one.json['access_token']).not.toBe(other.json['access_token']);
    expect(lasting.environment).toEqual({
      DATASAUR_BASE_URL: lasting.url,
      DATASAUR_CLIENT_ID: 'me',
      DATASAUR_CLIENT_SECRET: 'ünïcode &=',
    });
  } finally {
    await lasting.close();
  }
});

test.each([
  [{ ...FORM, client_secret: 'wrong' }, 401, 'invalid_client'],
  [{ ...FORM, client_id: 'wrong' }, 401, 'invalid_client'],
  [{ grant_type: 'client_credentials' }, 401, 'invalid_client'],
  [{ ...FORM, grant_type: 'password' }, 400, 'unsupported_grant_type'],
  [{}, 400, 'invalid_request'],
])('answers %j with %d %s', async (form, status, error) => {
  expect(await ask(form as Record<string, string>)).toMatchObject({ status, json: { error } });
});

test('takes forms by POST only, of at most 1 MiB', async () => {
  const url = `${sandbox.url}/api/oauth/token`;
  expect((await send(url)).status).toBe(405);
  const json = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(FORM),
  };
  expect(await send(url, json)).toMatchObject({ status: 400, text: '{"error":"invalid_request"}' });
  const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
  expect((await send(url, { method: 'POST', headers, body: Buffer.alloc(1024 * 1024 + 1) })).status).toBe(
    413,
  );
});
