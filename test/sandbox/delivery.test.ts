import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/index.js';
import { isLoopbackUrl } from '../../src/sandbox/loopback.js';
import { signWebhook } from '../../src/sandbox/webhook.js';
import { eventually, startExport, statusOf } from './graphql-request.js';
import { element, send } from './raw-request.js';

let sandbox: Sandbox;
let receiver: Server;
let received: { message: IncomingMessage; body: string }[];
let receiverStatus: number | null;
let hook: string;

beforeEach(async () => {
  received = [];
  receiverStatus = 200;
  receiver = createServer((message, response) => {
    let body = '';
    message.on('data', (chunk: Buffer) => (body += chunk.toString()));
    message.on('end', () => {
      received.push({ message, body });
      if (receiverStatus !== null)
        response.writeHead(receiverStatus, { Location: 'http://127.0.0.1:1/' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?x=1`;
});
afterEach(async () => {
  await sandbox.close();
  receiver.closeAllConnections();
  await new Promise((resolve) => receiver.close(resolve));
});

async function start(options: SandboxOptions): Promise<void> {
  sandbox = await startSandbox(options);
}

test("signs webhooks like the vendor's example", async () => {
  await start({});
  expect(signWebhook('{"body":"sample"}', 'secret')).toBe(
    '0278b1a603de4c561ac0feb960354d0d00e8846b74813d81bddb43ad45bff767',
  );
});

describe('CUSTOM_WEBHOOK', () => {
  test('sends a signed PUT once the file is there', async () => {
    await start({ readyAfter: '50ms' });
    const { exportId, fileUrl } = await startExport(sandbox, {
      method: 'CUSTOM_WEBHOOK',
      url: hook,
      secret: 'k€y',
    });
    expect(received).toEqual([]);
    const delivery = await eventually(() => sandbox.deliveries[0]);
    const { message, body } = received[0]!;
    expect([message.method, message.url, message.headers['content-type']]).toEqual([
      'PUT',
      '/hook?x=1',
      'application/json',
    ]);
    expect(message.headers['x-datasaur-signature']).toBe(
      createHmac('sha256', 'k€y').update(body).digest('hex'),
    );
    expect(JSON.parse(body)).toEqual({ userId: 1, fileUrl, teamId: '121', exportId });
    expect((await send(fileUrl!)).body).toEqual(await sandbox.archiveOf(exportId));
    expect(delivery).toMatchObject({ exportId, url: hook, body, status: 200, error: null });
    expect(delivery.signature).toBe(message.headers['x-datasaur-signature']);
    expect((await statusOf(sandbox, exportId)).deliveryStatus).toBe('DELIVERED');
  });

  test('signs nothing without a secret', async () => {
    await start({ readyAfter: 0 });
    await startExport(sandbox, { method: 'CUSTOM_WEBHOOK', url: hook });
    expect((await eventually(() => sandbox.deliveries[0])).signature).toBeNull();
    expect(received[0]!.message.headers).not.toHaveProperty('x-datasaur-signature');
  });

  test.each([500, 307])('has FAILED when the receiver answers %d', async (status) => {
    receiverStatus = status;
    await start({ readyAfter: 0 });
    const { exportId } = await startExport(sandbox, { method: 'CUSTOM_WEBHOOK', url: hook });
    expect(await eventually(() => sandbox.deliveries[0])).toMatchObject({ status, error: null });
    expect(received).toHaveLength(1);
    expect(await statusOf(sandbox, exportId)).toEqual({
      deliveryStatus: 'FAILED',
      errors: [{ id: exportId, stack: `Error: webhook: HTTP ${status}` }],
    });
  });

  test('has FAILED when nobody listens', async () => {
    await start({ readyAfter: 0 });
    const { exportId } = await startExport(sandbox, { method: 'CUSTOM_WEBHOOK', url: 'http://127.0.0.1:1/' });
    const delivery = await eventually(() => sandbox.deliveries[0]);
    expect(delivery).toMatchObject({ status: null, error: expect.stringContaining('ECONNREFUSED') });
    expect((await statusOf(sandbox, exportId)).deliveryStatus).toBe('FAILED');
  });

  test('is cut off by close', async () => {
    receiverStatus = null;
    await start({ readyAfter: 0 });
    await startExport(sandbox, { method: 'CUSTOM_WEBHOOK', url: hook });
    await eventually(() => received[0]);
    await sandbox.close();
    expect(sandbox.deliveries[0]).toMatchObject({ status: null, error: expect.stringContaining('aborted') });
  });

  test.each([
    ['http://127.0.0.1:1/', true],
    ['https://localhost/x', true],
    ['http://[::1]:8080/', true],
    ['http://127.1/', true],
    ['http://127.evil.example/', false],
    ['http://localhost.evil.example/', false],
    ['http://user@10.0.0.1/', false],
    ['http://127.0.0.1@evil.example/', false],
    ['ftp://127.0.0.1/', false],
    ['/relative', false],
  ])('takes %s for loopback: %s', (url, expected) => {
    expect(isLoopbackUrl(url)).toBe(expected);
  });
});

test('EMAIL gives no URL and mails the file', async () => {
  await start({ readyAfter: '50ms' });
  const { exportId, fileUrl, fileUrlExpiredAt } = await startExport(sandbox, { method: 'EMAIL' });
  expect([fileUrl, fileUrlExpiredAt]).toEqual([null, null]);
  expect(sandbox.outbox).toEqual([]);
  const mail = await eventually(() => sandbox.outbox[0]);
  expect(mail).toMatchObject({
    exportId,
    to: 'owner@sandbox.example',
    subject: 'Team Overview - Team Alvin',
    attachment: { filename: 'Team Overview - Team Alvin.zip', contentType: 'application/zip' },
  });
  expect(mail.attachment.content).toEqual(await sandbox.archiveOf(exportId));
  expect((await statusOf(sandbox, exportId)).deliveryStatus).toBe('DELIVERED');
});

describe('a team whose exports go wrong', () => {
  test('FAILED says why and delivers nothing', async () => {
    await start({ readyAfter: 0, failures: { '121': 'FAILED' } });
    const { exportId, fileUrl } = await startExport(sandbox, {});
    expect(await statusOf(sandbox, exportId)).toMatchObject({
      deliveryStatus: 'FAILED',
      errors: [{ id: exportId }],
    });
    expect((await send(fileUrl!)).status).toBe(404);
    await startExport(sandbox, { method: 'EMAIL' });
    expect(sandbox.outbox).toEqual([]);
    const other = await startExport(sandbox, { teamId: '122' });
    expect((await send(other.fileUrl!)).status).toBe(200);
  });

  test('NEVER_READY stays IN_PROGRESS', async () => {
    await start({ readyAfter: 0, failures: { '121': 'NEVER_READY' } });
    const { exportId, fileUrl } = await startExport(sandbox, {});
    expect(await statusOf(sandbox, exportId)).toEqual({ deliveryStatus: 'IN_PROGRESS', errors: [] });
    expect((await send(fileUrl!)).status).toBe(404);
  });

  test('EXPIRED_URL gives one that has expired', async () => {
    await start({ readyAfter: 0, urlLifetime: '60s', failures: { '121': 'EXPIRED_URL' } });
    const { fileUrl, fileUrlExpiredAt } = await startExport(sandbox, {});
    expect(element((await send(fileUrl!)).text, 'Message')).toBe('Request has expired');
    expect(Date.parse(fileUrlExpiredAt!)).toBeLessThan(Date.now());
  });

  test('EMPTY_FILE has no bytes', async () => {
    await start({ readyAfter: 0, failures: { '121': 'EMPTY_FILE' } });
    const { fileUrl } = await startExport(sandbox, {});
    expect(await send(fileUrl!)).toMatchObject({ status: 200, text: '' });
    expect((await send(fileUrl!, { headers: { Range: 'bytes=0-0' } })).status).toBe(416);
  });
});
