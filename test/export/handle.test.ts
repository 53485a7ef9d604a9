import { inspect } from 'node:util';
import { expect, test } from '@jest/globals';
import {
  parseHandle,
  PresignedUrl,
  serializeHandle,
  type ExportHandle,
  type FileStorageHandle,
} from '../../src/index.js';

const signature = 'f00dfeedf00dfeed';
const url = `https://files.example/export/Team%20Overview%20-%20A.zip?X-Amz-Date=20300101T000000Z&X-Amz-Signature=${signature}`;
const common = {
  exportId: 'ExportQueue:1',
  teamId: '121',
  requestedAt: '2030-01-01T00:00:00.000Z',
  expiresAt: '2030-01-01T06:00:00.000Z',
};
const handle: FileStorageHandle = { ...common, method: 'FILE_STORAGE', fileUrl: PresignedUrl.from(url) };

test('a handle survives the way to another process', () => {
  const parsed = parseHandle(serializeHandle(handle));
  const { fileUrl, ...rest } = parsed;
  expect(rest).toEqual({ ...common, method: 'FILE_STORAGE' });
  expect(fileUrl).toBeInstanceOf(PresignedUrl);
  expect(fileUrl?.reveal()).toBe(url);
  expect(serializeHandle(parsed)).toBe(serializeHandle(handle));
});

test.each<[ExportHandle]>([
  [{ ...common, method: 'EMAIL', fileUrl: null, expiresAt: null }],
  [{ ...common, method: 'CUSTOM_WEBHOOK', fileUrl: null, expiresAt: null }],
])('a handle without a URL does too: %j', (other) => {
  expect(parseHandle(serializeHandle(other))).toEqual(other);
});

test('only serializeHandle shows the signature', () => {
  expect(serializeHandle(handle)).toContain(signature);
  for (const shown of [
    JSON.stringify(handle),
    JSON.stringify({ deep: [handle] }),
    inspect(handle, { depth: 9, showHidden: true }),
    inspect(handle.fileUrl, { depth: 9, showHidden: true, customInspect: false }),
    String(handle.fileUrl),
    handle.fileUrl.toString(),
    inspect(new Map([[handle.fileUrl, handle]]), { depth: 9 }),
    JSON.stringify(Object.getOwnPropertyNames(handle.fileUrl)),
  ]) {
    expect(shown).not.toContain(signature);
  }
  expect(JSON.parse(JSON.stringify(handle))).toMatchObject({
    fileUrl: 'https://files.example/export/Team%20Overview%20-%20A.zip?[redacted]',
  });
});

const whole = JSON.parse(serializeHandle(handle)) as Record<string, unknown>;

test.each([
  ['nothing', ''],
  ['half of it', serializeHandle(handle).slice(0, -20)],
  ['null', 'null'],
  ['a number', '17'],
  ['a string', JSON.stringify(url)],
  ['a list', '[]'],
  ['an empty object', '{}'],
  ['no exportId', JSON.stringify({ ...whole, exportId: undefined })],
  ['an empty exportId', JSON.stringify({ ...whole, exportId: '' })],
  ['a number as teamId', JSON.stringify({ ...whole, teamId: 121 })],
  ['no requestedAt', JSON.stringify({ ...whole, requestedAt: null })],
  ['an unknown method', JSON.stringify({ ...whole, method: 'DOWNLOAD' })],
  ['FILE_STORAGE without a URL', JSON.stringify({ ...whole, fileUrl: null })],
  ['EMAIL with a URL', JSON.stringify({ ...whole, method: 'EMAIL' })],
])('%s is INVALID_ARGUMENT, without the text being quoted', (_, text) => {
  const refusal = expect.objectContaining({
    code: 'INVALID_ARGUMENT',
    message: 'This is not a serialised export handle.',
  });
  expect(() => parseHandle(text)).toThrow(refusal);
});

test.each(['ftp://files.example/a.zip', 'http://example.com/a.zip', 'https://u:p@files.example/a'])(
  'a handle that holds %s is FILE_URL_REFUSED',
  (fileUrl) => {
    const refusal = expect.objectContaining({ code: 'FILE_URL_REFUSED' });
    expect(() => parseHandle(JSON.stringify({ ...whole, fileUrl }))).toThrow(refusal);
  },
);

test('plain http is accepted where that is allowed', () => {
  const text = JSON.stringify({ ...whole, fileUrl: 'http://example.com/a.zip' });
  expect(parseHandle(text, { allowInsecureHttp: true }).fileUrl?.host).toBe('example.com');
});

test('unknown fields are dropped', () => {
  const parsed = parseHandle(JSON.stringify({ ...whole, surprise: 1, __proto__: { a: 1 } }));
  expect(Object.keys(parsed).sort()).toEqual(
    ['exportId', 'expiresAt', 'fileUrl', 'method', 'requestedAt', 'teamId'].sort(),
  );
});
