import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { presignGet } from '../../src/sandbox/sigv4.js';
import { element, send } from './raw-request.js';

test("gives the signature of AWS's published example", () => {
  const url = presignGet({
    origin: 'https://examplebucket.s3.amazonaws.com',
    segments: ['test.txt'],
    key: {
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      region: 'us-east-1',
    },
    expiresIn: 86_400,
    at: new Date('2013-05-24T00:00:00Z'),
  });
  expect(url).toBe(
    'https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256' +
      '&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request' +
      '&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400' +
      '&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404' +
      '&X-Amz-SignedHeaders=host',
  );
});

describe("AWS's own signer", () => {
  let sandbox: Sandbox;
  let client: S3Client;
  beforeAll(async () => {
    sandbox = await startSandbox();
    const { endpoint, region, accessKeyId, secretAccessKey } = sandbox.storage;
    client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
  });
  afterAll(async () => {
    client.destroy();
    await sandbox.close();
  });

  test.each(['plain.bin', 'a b/Ünïcode 日本.zip', `odd !'()*+,;=:@&$~%/.x`])(
    'is believed for the key %s',
    async (key) => {
      sandbox.putObject(key, Buffer.from('content'));
      const command = new GetObjectCommand({ Bucket: sandbox.storage.bucket, Key: key });
      const url = await getSignedUrl(client, command, { expiresIn: 60 });
      const response = await fetch(url, { headers: { Range: 'bytes=0-3' } });
      expect([response.status, await response.text()]).toEqual([206, 'cont']);
    },
  );

  test('is believed for query parameters and headers that it signed', async () => {
    sandbox.putObject('x', Buffer.from('content'));
    const command = new GetObjectCommand({ Bucket: sandbox.storage.bucket, Key: 'x', Range: 'bytes=1-2' });
    const url = await getSignedUrl(client, command, {
      unhoistableHeaders: new Set(['range']),
      signableHeaders: new Set(['range', 'host']),
    });
    expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('host;range');
    const good = await send(url, { headers: { Range: 'bytes=1-2' } });
    expect([good.status, good.text]).toEqual([206, 'on']);
    const other = await send(url, { headers: { Range: 'bytes=1-3' } });
    expect([other.status, element(other.text, 'Code')]).toEqual([403, 'SignatureDoesNotMatch']);
  });

  test('is told NoSuchBucket for another bucket', async () => {
    const url = await getSignedUrl(client, new GetObjectCommand({ Bucket: 'other', Key: 'x' }));
    const response = await send(url);
    expect([response.status, element(response.text, 'Code')]).toEqual([404, 'NoSuchBucket']);
  });
});
