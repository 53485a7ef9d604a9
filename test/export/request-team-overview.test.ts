import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createDatasaurClient, type DatasaurClient, type TeamOverviewRequest } from '../../src/index.js';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import {
  closeApis,
  failureOf,
  json,
  scriptedApi,
  started,
  type ScriptedApi,
} from '../client/scripted-api.js';

afterEach(closeApis);

const iso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function clientOf(api: ScriptedApi | Sandbox, allowInsecureHttp = false): DatasaurClient {
  const accessToken = 'accessToken' in api ? api.accessToken : 'static-token';
  return createDatasaurClient({ baseUrl: api.url, credentials: { accessToken }, allowInsecureHttp });
}

async function withSandbox(options: SandboxOptions, use: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const sandbox = await startSandbox(options);
  try {
    await use(sandbox);
  } finally {
    await sandbox.close();
  }
}

function inputsOf(api: ScriptedApi): unknown[] {
  return api.operations.map(
    ({ body }) => (JSON.parse(body) as { variables: { input: unknown } }).variables.input,
  );
}

describe('against the sandbox', () => {
  test('FILE_STORAGE is the default, and its handle has the presigned URL', async () => {
    await withSandbox({}, async (sandbox) => {
      const handle = await clientOf(sandbox).requestTeamOverview({ teamId: '121' });
      const [started] = sandbox.exports;
      expect(sandbox.exports).toHaveLength(1);
      expect(handle).toMatchObject({ exportId: started!.exportId, teamId: '121', method: 'FILE_STORAGE' });
      expect(handle.fileUrl.reveal()).toBe(started!.fileUrl);
      expect(handle.fileUrl.fileName).toBe('Team Overview - Team Alvin.zip');
      expect(handle.requestedAt).toMatch(iso);
      const lifetime = Date.parse(handle.expiresAt!) - started!.requestedAt.getTime();
      expect(Math.abs(lifetime - 6 * 3600_000)).toBeLessThan(2000);
      expect(sandbox.requests.map(({ kind }) => kind)).toEqual(['graphql']);
    });
  });

  test('EMAIL has no URL, and the mail is sent', async () => {
    await withSandbox({ readyAfter: 0 }, async (sandbox) => {
      const handle = await clientOf(sandbox).requestTeamOverview({ teamId: '121', method: 'EMAIL' });
      expect(handle).toMatchObject({ teamId: '121', method: 'EMAIL', fileUrl: null, expiresAt: null });
      expect(sandbox.outbox.map(({ exportId }) => exportId)).toEqual([handle.exportId]);
    });
  });

  test('CUSTOM_WEBHOOK sends the file’s URL to the webhook, signed with its secret', async () => {
    const receiver = createServer((request, response) => {
      request.resume();
      response.end();
    });
    receiver.listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    try {
      await withSandbox({ readyAfter: 0 }, async (sandbox) => {
        const webhookUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
        const handle = await clientOf(sandbox).requestTeamOverview({
          teamId: '121',
          method: 'CUSTOM_WEBHOOK',
          webhookUrl,
          webhookSecret: 'shared',
        });
        expect(handle).toMatchObject({ method: 'CUSTOM_WEBHOOK', fileUrl: null, expiresAt: null });
        for (let round = 0; sandbox.deliveries.length === 0 && round < 200; round += 1) await sleep(20);
        expect(sandbox.deliveries[0]).toMatchObject({
          exportId: handle.exportId,
          url: webhookUrl,
          signature: expect.stringMatching(/^[0-9a-f]{64}$/),
          status: 200,
        });
      });
    } finally {
      receiver.close();
      receiver.closeAllConnections();
    }
  });
});

test.each<[TeamOverviewRequest, unknown]>([
  [{ teamId: '121' }, { teamId: '121', method: 'FILE_STORAGE' }],
  [{ teamId: ' 121\n' }, { teamId: '121', method: 'FILE_STORAGE' }],
  [
    { teamId: '121', method: 'EMAIL' },
    { teamId: '121', method: 'EMAIL' },
  ],
  [
    { teamId: '121', method: 'CUSTOM_WEBHOOK', webhookUrl: 'https://hook.example/a' },
    { teamId: '121', method: 'CUSTOM_WEBHOOK', url: 'https://hook.example/a' },
  ],
  [
    { teamId: '121', method: 'CUSTOM_WEBHOOK', webhookUrl: 'https://hook.example/a', webhookSecret: 's' },
    { teamId: '121', method: 'CUSTOM_WEBHOOK', url: 'https://hook.example/a', secret: 's' },
  ],
])('%j sends exactly its variables', async (request, input) => {
  const api = await scriptedApi({ graphql: [started()] });
  await clientOf(api).requestTeamOverview(request);
  expect(inputsOf(api)).toEqual([input]);
});

test.each<[string, unknown]>([
  ['an empty team id', { teamId: '' }],
  ['a blank team id', { teamId: ' \t' }],
  ['a team id with a control character', { teamId: '12\u00001' }],
  ['a number as team id', { teamId: 121 }],
  ['no team id', {}],
  ['a webhook with EMAIL', { teamId: '121', method: 'EMAIL', webhookUrl: 'https://hook.example' }],
  ['a webhook with the default', { teamId: '121', webhookUrl: 'https://hook.example' }],
  ['a secret with FILE_STORAGE', { teamId: '121', method: 'FILE_STORAGE', webhookSecret: 's' }],
  ['CUSTOM_WEBHOOK without a URL', { teamId: '121', method: 'CUSTOM_WEBHOOK' }],
  ['CUSTOM_WEBHOOK with a relative URL', { teamId: '121', method: 'CUSTOM_WEBHOOK', webhookUrl: '/hook' }],
  ['CUSTOM_WEBHOOK with an ftp URL', { teamId: '121', method: 'CUSTOM_WEBHOOK', webhookUrl: 'ftp://a/b' }],
])('%s is INVALID_ARGUMENT, and nothing is sent', async (_, request) => {
  const api = await scriptedApi({ graphql: [started()] });
  const error = await failureOf(clientOf(api).requestTeamOverview(request as TeamOverviewRequest));
  expect(error.code).toBe('INVALID_ARGUMENT');
  expect(api.operations).toHaveLength(0);
});

test.each([[null], [''], [undefined], [17]])('a fileUrl of %j is FILE_URL_MISSING', async (fileUrl) => {
  const api = await scriptedApi({ graphql: [started({ fileUrl })] });
  const error = await failureOf(clientOf(api).requestTeamOverview({ teamId: '121' }));
  expect(error.code).toBe('FILE_URL_MISSING');
  expect(error.details).toEqual({ exportId: 'ExportQueue:1' });
});

test.each([
  'ftp://files.example/a.zip',
  'file:///etc/passwd',
  'http://example.com/a.zip',
  'https://user:pass@files.example/a.zip',
  'export/a.zip',
  'dummy',
])('a fileUrl of %s is FILE_URL_REFUSED', async (fileUrl) => {
  const api = await scriptedApi({ graphql: [started({ fileUrl })] });
  const error = await failureOf(clientOf(api).requestTeamOverview({ teamId: '121' }));
  expect(error.code).toBe('FILE_URL_REFUSED');
  expect(api.operations).toHaveLength(1);
});

test('a fileUrl of plain http is accepted where that is allowed', async () => {
  const fileUrl = 'http://example.com/a.zip';
  const api = await scriptedApi({ graphql: [started({ fileUrl })] });
  const handle = await clientOf(api, true).requestTeamOverview({ teamId: '121' });
  expect(handle.fileUrl.reveal()).toBe(fileUrl);
});

test.each<['EMAIL' | 'CUSTOM_WEBHOOK']>([['EMAIL'], ['CUSTOM_WEBHOOK']])(
  'with %s a fileUrl is neither needed nor looked at',
  async (method) => {
    const api = await scriptedApi({ graphql: [started({ fileUrl: 'ftp://a/b', fileUrlExpiredAt: null })] });
    const request = method === 'EMAIL' ? { method } : { method, webhookUrl: 'https://hook.example' };
    const handle = await clientOf(api).requestTeamOverview({ teamId: '121', ...request });
    expect(handle).toMatchObject({ method, fileUrl: null, expiresAt: null });
  },
);

test.each([[null], [''], [undefined], [{}]])(
  'an exportId of %j is API_INVALID_RESPONSE',
  async (exportId) => {
    const api = await scriptedApi({ graphql: [started({ exportId })] });
    const error = await failureOf(clientOf(api).requestTeamOverview({ teamId: '121' }));
    expect(error.code).toBe('API_INVALID_RESPONSE');
    expect(error.hint).toMatch(/may have been started/);
  },
);

test.each([
  ['the URL where it says so', 'https://f.example/a.zip?X-Amz-Date=20300101T000000Z&X-Amz-Expires=60', '2031-01-01T00:00:00.000Z', '2030-01-01T00:01:00.000Z'],
  ['the answer where the URL does not', 'https://f.example/a.zip', '2031-01-01T00:00:00.000Z', '2031-01-01T00:00:00.000Z'],
  ['nobody where the answer is no time', 'https://f.example/a.zip', 'soon', null],
  ['nobody where the answer is null', 'https://f.example/a.zip', null, null],
])('when the URL expires is known from %s', async (_, fileUrl, fileUrlExpiredAt, expected) => {
  const api = await scriptedApi({ graphql: [started({ fileUrl, fileUrlExpiredAt })] });
  const handle = await clientOf(api).requestTeamOverview({ teamId: '121' });
  expect(handle.expiresAt).toBe(expected);
}); // prettier-ignore

test('the delivery status is passed on with its reasons, first lines only', async () => {
  const errors = [{ id: '7', stack: 'Error: no space\n    at secret/path.js' }];
  const status = { deliveryStatus: 'FAILED', errors };
  const api = await scriptedApi({ graphql: [json(200, { data: { getExportDeliveryStatus: status } })] });
  expect(await clientOf(api).getDeliveryStatus('ExportQueue:1')).toEqual({
    status: 'FAILED',
    errors: [{ id: '7', stack: 'Error: no space' }],
  });
});
