import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { element, send } from './raw-request.js';

const KEY = 'export/a b.zip';
const CONTENT = Buffer.from('0123456789');

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  sandbox.putObject(KEY, CONTENT);
  sandbox.putObject('empty.zip', Buffer.alloc(0));
});
afterAll(async () => {
  await sandbox.close();
});

/** Status and code of the answer; also checks that an error is S3's XML. */
async function refusal(url: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await send(url, { headers, method });
  expect(response.headers['content-type']).toBe('application/xml');
  expect(response.text).toMatch(
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>\w+<\/Code><Message>.*<\/Error>$/s,
  );
  expect(element(response.text, 'RequestId')).toBe(response.headers['x-amz-request-id']);
  expect(element(response.text, 'HostId')).toBe(response.headers['x-amz-id-2']);
  return { ...response, code: element(response.text, 'Code'), message: element(response.text, 'Message') };
}

function withQuery(url: string, change: (query: URLSearchParams) => void): string {
  const changed = new URL(url);
  change(changed.searchParams);
  return changed.href;
}

describe('an object', () => {
  test('comes whole, with what S3 says of it', async () => {
    const { status, headers, body } = await send(sandbox.presign(KEY));
    expect(status).toBe(200);
    expect(body).toEqual(CONTENT);
    expect(headers).toMatchObject({
      'content-length': '10',
      'content-type': 'application/zip',
      'accept-ranges': 'bytes',
      etag: `"${createHash('md5').update(CONTENT).digest('hex')}"`,
      'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/),
    });
    expect(headers['content-range']).toBeUndefined();
    expect(Date.parse(headers.date!)).not.toBeNaN();
    expect(Date.parse(headers['last-modified']!)).not.toBeNaN();
  });

  test.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
  ])('gives %s', async (Range, text, contentRange) => {
    const response = await send(sandbox.presign(KEY), { headers: { Range } });
    expect(response).toMatchObject({ status: 206, text });
    expect(response.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': String(text.length),
    });
  });

  test.each([
    [KEY, 'bytes=10-', 10],
    ['empty.zip', 'bytes=0-0', 0],
  ])('%s has no %s', async (key, Range, size) => {
    const refused = await refusal(sandbox.presign(key), { Range });
    expect(refused).toMatchObject({ status: 416, code: 'InvalidRange' });
    expect(refused.headers['content-range']).toBe(`bytes */${size}`);
    expect(element(refused.text, 'ActualObjectSize')).toBe(String(size));
    expect(element(refused.text, 'RangeRequested')).toBe(Range);
  });

  test('without bytes comes whole too', async () => {
    const { status, headers, body } = await send(sandbox.presign('empty.zip'));
    expect([status, headers['content-length'], body.length]).toEqual([200, '0', 0]);
  });

  test('that was replaced refuses its old ETag', async () => {
    sandbox.putObject('replaced', Buffer.from('one'));
    const url = sandbox.presign('replaced');
    const { etag = '' } = (await send(url)).headers;
    expect(await send(url, { headers: { 'If-Match': etag } })).toMatchObject({ status: 200, text: 'one' });
    sandbox.putObject('replaced', Buffer.from('two'));
    expect(await refusal(url, { 'If-Match': etag, Range: 'bytes=1-' })).toMatchObject({
      status: 412,
      code: 'PreconditionFailed',
    });
  });

  test('that is large goes no faster than it is read, and stops when nobody reads', async () => {
    const size = 64 * 1024 * 1024;
    sandbox.putObject('large', Buffer.alloc(size));
    const url = new URL(sandbox.presign('large'));
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    await once(socket, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const record = sandbox.requests.at(-1)!;
    expect(record.bytesSent).toBeGreaterThan(0);
    expect(record.bytesSent).toBeLessThan(size / 2);
    socket.destroy();
    await once(socket, 'close');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(record.bytesSent).toBeLessThan(size / 2);
  });
});

describe('a missing object', () => {
  test('is 404 NoSuchKey, its key escaped', async () => {
    const refused = await refusal(sandbox.presign(`no <"such"> & 'key'\u0001.zip`));
    expect(refused).toMatchObject({
      status: 404,
      code: 'NoSuchKey',
      message: 'The specified key does not exist.',
    });
    expect(element(refused.text, 'Key')).toBe('no &lt;&quot;such&quot;&gt; &amp; &apos;key&apos;\ufffd.zip');
  });

  test('is a bare 403 where the signer may not list', async () => {
    const secretive = await startSandbox({ missingObject: 'AccessDenied' });
    try {
      const refused = await refusal(secretive.presign('none'));
      expect(refused).toMatchObject({ status: 403, code: 'AccessDenied', message: 'Access Denied' });
    } finally {
      await secretive.close();
    }
  });
});

describe('a presigned URL', () => {
  test('expires', async () => {
    const url = sandbox.presign(KEY, { expiresIn: 60, at: new Date(Date.now() - 61_000) });
    const refused = await refusal(url);
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied', message: 'Request has expired' });
    const late =
      Date.parse(element(refused.text, 'ServerTime')!) - Date.parse(element(refused.text, 'Expires')!);
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(10_000);
    expect(element(refused.text, 'X-Amz-Expires')).toBe('60');
  });

  test('is not good long before it was signed', async () => {
    const url = sandbox.presign(KEY, { at: new Date(Date.now() + 3_600_000) });
    expect(await refusal(url)).toMatchObject({ status: 403, code: 'RequestTimeTooSkewed' });
  });

  test('cannot be made to live longer, or be used for another key, method or host', async () => {
    const url = sandbox.presign(KEY);
    const mismatch = { status: 403, code: 'SignatureDoesNotMatch' };
    expect(
      await refusal(
        withQuery(url, (query) => {
          query.set('X-Amz-Expires', '21601');
        }),
      ),
    ).toMatchObject(mismatch);
    expect(
      await refusal(
        withQuery(url, (query) => {
          query.set('extra', '');
        }),
      ),
    ).toMatchObject(mismatch);
    expect(
      await refusal(
        withQuery(url, (query) => {
          query.set('X-Amz-Signature', 'é');
        }),
      ),
    ).toMatchObject(mismatch);
    expect(await refusal(url.replace('a%20b.zip', 'c.zip'))).toMatchObject(mismatch);
    expect(await refusal(url, {}, 'POST')).toMatchObject(mismatch);
    expect(await refusal(url, { Host: 'other.example' })).toMatchObject(mismatch);
    const head = await send(url, { method: 'HEAD' });
    expect([head.status, head.headers['content-type'], head.body.length]).toEqual([
      403,
      'application/xml',
      0,
    ]);
  });

  test('may be written with other escapes than ours', async () => {
    expect((await send(sandbox.presign(KEY).replace('a%20b', '%61%20b'))).status).toBe(200);
  });

  test('goes with no other credentials', async () => {
    const refused = await refusal(sandbox.presign(KEY), { Authorization: 'Bearer secret-token' });
    expect(refused).toMatchObject({ status: 400, code: 'InvalidArgument' });
    expect(refused.message).toContain('Only one auth mechanism allowed');
    expect(refused.text).not.toContain('secret-token');
  });

  test('goes with no x-amz- header that was not signed', async () => {
    const refused = await refusal(sandbox.presign(KEY), { 'X-Amz-Meta-B': '1', 'X-Amz-A': '2' });
    expect(refused).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(element(refused.text, 'HeadersNotSigned')).toBe('x-amz-meta-b, x-amz-a');
  });

  test.each([
    ['X-Amz-Signature', null, 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Date', null, 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Date', '20250231T000000Z', 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Expires', '604801', 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Expires', 'soon', 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Expires', '-1', 400, 'AuthorizationQueryParametersError'],
    ['X-Amz-Algorithm', 'AWS4-NONE', 400, 'AuthorizationQueryParametersError'],
    [
      'X-Amz-Credential',
      'AKIASANDBOXSANDBOX00/20200101/us-east-1/s3/aws4_request',
      400,
      'AuthorizationQueryParametersError',
    ],
    ['X-Amz-Credential', 'OTHER/20200101/us-east-1/s3/aws4_request', 403, 'InvalidAccessKeyId'],
    ['X-Amz-SignedHeaders', '', 403, 'AccessDenied'],
  ])('with %s = %s is refused', async (name, value, status, code) => {
    const url = withQuery(sandbox.presign(KEY), (query) => {
      if (value === null) query.delete(name);
      else query.set(name, value);
    });
    expect(await refusal(url)).toMatchObject({ status, code });
  });

  test('without its query, or badly escaped, is nothing', async () => {
    const [bare = ''] = sandbox.presign(KEY).split('?');
    expect(await refusal(bare)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: 'Access Denied',
    });
    expect(await refusal(`${sandbox.url}/`)).toMatchObject({ status: 403, code: 'AccessDenied' });
    expect(await refusal(`${sandbox.url}/%zz`)).toMatchObject({ status: 400, code: 'InvalidURI' });
  });
});
