import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery } from 'graphql';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { EXPORT, post, startExport, statusOf } from './graphql-request.js';
import { element, send } from './raw-request.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ readyAfter: '300ms' });
});
afterAll(async () => {
  await sandbox.close();
});

describe('the endpoint', () => {
  test("answers with the vendor's envelope", async () => {
    const { response, envelope } = await post(
      sandbox,
      '{ getAllTeams { id name setting { enableExportTeamOverview } } }',
    );
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(envelope.extensions).toEqual({});
    expect(envelope.data!['getAllTeams']).toContainEqual({
      id: '121',
      name: 'Team Alvin',
      setting: { enableExportTeamOverview: true },
    });
  });

  test('can be introspected', async () => {
    const { envelope } = await post(sandbox, getIntrospectionQuery());
    const schema = buildClientSchema(envelope.data as unknown as IntrospectionQuery);
    expect(Object.keys(schema.getQueryType()!.getFields()).sort()).toEqual(
      expect.arrayContaining(['exportTeamOverview', 'getAllTeams', 'getExportDeliveryStatus']),
    );
  });

  test('keeps to GraphQL over HTTP where a query is wrong', async () => {
    const accept = { Accept: 'application/graphql-response+json' };
    const { response, envelope } = await post(sandbox, '{ nothing }', {}, accept);
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toBe('application/graphql-response+json; charset=utf-8');
    expect(envelope.errors![0]!.message).toBe('Cannot query field "nothing" on type "Query".');
    const { envelope: invalid } = await post(sandbox, EXPORT, { input: { teamId: '121', method: 'PIGEON' } });
    expect(invalid.errors![0]!.message).toContain('Value "PIGEON" does not exist in "GqlExportMethod" enum');
  });

  test.each([
    ['PUT', { 'Content-Type': 'application/json' }, '{}', 405],
    ['POST', { 'Content-Type': 'text/plain' }, '{}', 415],
    ['POST', { 'Content-Type': 'application/json' }, '{', 400],
    ['POST', { 'Content-Type': 'application/json' }, Buffer.alloc(1024 * 1024 + 1), 413],
  ])('answers a %s with %j as it should', async (method, headers, body, status) => {
    const Authorization = `Bearer ${sandbox.accessToken}`;
    const response = await send(`${sandbox.url}/graphql`, {
      method,
      headers: { ...headers, Authorization },
      body,
    });
    expect(response.status).toBe(status);
  });

  test('records what it was asked', async () => {
    await post(sandbox, 'query Named { getAllTeams { id } }');
    const record = sandbox.requests.at(-1)!;
    expect(record).toMatchObject({
      kind: 'graphql',
      method: 'POST',
      path: '/graphql',
      status: 200,
      operationName: 'Named',
    });
    expect(record.bytesSent).toBeGreaterThan(20);
  });
});

describe('without a good token', () => {
  const bad: Record<string, string>[] = [
    { Authorization: '' },
    { Authorization: 'Bearer wrong' },
    { Authorization: 'Basic x' },
  ];

  test.each(bad)('%j is unauthorized', async (headers) => {
    const { response, envelope } = await post(
      sandbox,
      EXPORT,
      { input: { teamId: '121', method: 'EMAIL' } },
      headers,
    );
    expect(response.status).toBe(401);
    expect(envelope).toEqual({
      errors: [{ message: 'Unauthorized', extensions: { type: 'AuthenticationError' } }],
      extensions: {},
    });
    expect(sandbox.outbox).toEqual([]);
  });

  test('the status may also be 200', async () => {
    const polite = await startSandbox({ unauthorizedStatus: 200, accessTokens: ['one', 'two'] });
    try {
      const { response, envelope } = await post(
        polite,
        '{ getAllTeams { id } }',
        {},
        { Authorization: 'Bearer three' },
      );
      expect([response.status, envelope.errors![0]!.message]).toEqual([200, 'Unauthorized']);
      const second = await post(polite, '{ getAllTeams { id } }', {}, { Authorization: 'Bearer two' });
      expect(second.envelope.errors).toBeUndefined();
    } finally {
      await polite.close();
    }
  });
});

describe('an export to file storage', () => {
  test('answers at once with a URL that gives the file some time later', async () => {
    const { exportId, fileUrl, fileUrlExpiredAt } = await startExport(sandbox, {});
    expect(exportId).toMatch(/^ExportQueue:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    const url = new URL(fileUrl!);
    expect(url.origin).toBe(sandbox.url);
    expect(url.pathname).toMatch(
      /^\/[a-z-]+\/export\/team-overview\/121\/\d{13}\/Team%20Overview%20-%20Team%20Alvin\.zip$/,
    );
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Expires': '21600',
      'X-Amz-SignedHeaders': 'host',
    });
    expect(Math.abs(Date.parse(fileUrlExpiredAt!) - Date.now() - 21_600_000)).toBeLessThan(5000);

    const early = await send(fileUrl!, { headers: { Range: 'bytes=0-0' } });
    expect([early.status, element(early.text, 'Code')]).toEqual([404, 'NoSuchKey']);
    expect((await statusOf(sandbox, exportId)).deliveryStatus).toBe('QUEUED');
    await new Promise((resolve) => setTimeout(resolve, 180));
    expect((await statusOf(sandbox, exportId)).deliveryStatus).toBe('IN_PROGRESS');
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(await statusOf(sandbox, exportId)).toEqual({ deliveryStatus: 'DELIVERED', errors: [] });

    expect((await send(fileUrl!, { headers: { Range: 'bytes=0-0' } })).status).toBe(206);
    expect((await send(fileUrl!)).body).toEqual(await sandbox.archiveOf(exportId));
    expect(sandbox.exports.find((each) => each.exportId === exportId)).toMatchObject({
      teamId: '121',
      method: 'FILE_STORAGE',
      status: 'DELIVERED',
      fileUrl,
    });
  });

  test('is another one each time', async () => {
    const both = await Promise.all([startExport(sandbox, {}), startExport(sandbox, {})]);
    expect(new Set(both.map(({ exportId }) => exportId)).size).toBe(2);
    expect(new Set(both.map(({ fileUrl }) => new URL(fileUrl!).pathname)).size).toBe(2);
  });

  test.each(['123', '124'])('works for the name of team %s', async (teamId) => {
    const ready = await startSandbox({ readyAfter: 0 });
    try {
      const { exportId, fileUrl } = await startExport(ready, { teamId });
      const response = await fetch(fileUrl!);
      expect(response.status).toBe(200);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(await ready.archiveOf(exportId));
    } finally {
      await ready.close();
    }
  });

  test.each([
    [{ teamId: '999' }, 'Team not found', 'NotFoundError'],
    [{ teamId: '125' }, 'Forbidden', 'ForbiddenError'],
    [{ method: 'DOWNLOAD_REQUEST' }, 'The sandbox does not deliver by DOWNLOAD_REQUEST', 'BadRequestError'],
    [{ method: 'CUSTOM_WEBHOOK' }, 'CUSTOM_WEBHOOK needs a url', 'BadRequestError'],
    [
      { method: 'CUSTOM_WEBHOOK', url: 'https://hooks.example/x' },
      'The sandbox sends webhooks to loopback URLs only',
      'BadRequestError',
    ],
  ])('%j is refused: %s', async (input, message, type) => {
    const variables = { input: { teamId: '121', method: 'FILE_STORAGE', ...input } };
    const { response, envelope } = await post(sandbox, EXPORT, variables);
    expect(response.status).toBe(200);
    expect(envelope).toMatchObject({
      data: null,
      errors: [{ message, extensions: { type } }],
      extensions: {},
    });
  });

  test('that nobody started has the status NONE', async () => {
    expect(await statusOf(sandbox, 'ExportQueue:none')).toEqual({ deliveryStatus: 'NONE', errors: [] });
    await expect(sandbox.archiveOf('ExportQueue:none')).rejects.toThrow(
      "no export 'ExportQueue:none' was started",
    );
  });
});
