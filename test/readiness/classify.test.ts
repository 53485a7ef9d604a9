import { describe as group, expect, test } from '@jest/globals';
import {
  classify,
  describe,
  type Answer,
  type NoAnswer,
  type RangeQuestion,
} from '../../src/readiness/index.js';

const expiry = Date.UTC(2022, 0, 25, 12, 9, 23);
const probe: RangeQuestion = { start: 0, end: 0, expiresAt: expiry };
/** A continuation of a download, which knows what the object is. */
const part: RangeQuestion = { start: 40, end: 99, size: 100, etag: '"v1"' };

const seen = (status: number, over: Partial<Answer> = {}): Answer => ({
  status,
  contentRange: null,
  contentLength: null,
  contentEncoding: null,
  contentType: null,
  etag: null,
  lastModified: null,
  retryAfter: null,
  date: null,
  error: null,
  ...over,
});
const s3 = (status: number, code: string, message = '', over: Partial<Answer> = {}): Answer =>
  seen(status, { error: { code, message }, ...over });
const failure = (kind: NoAnswer['failure'], code: string): NoAnswer => ({ failure: kind, code });

group('what an answer means', () => {
  test.each<[string, RangeQuestion, Answer | NoAnswer, string]>([
    ['404 NoSuchKey', probe, s3(404, 'NoSuchKey'), 'not-yet'],
    ['404 without a body', probe, seen(404), 'not-yet'],
    ['404 NoSuchBucket', probe, s3(404, 'NoSuchBucket'), 'URL_REJECTED'],
    ['bare 403', probe, seen(403), 'not-yet'],
    ['403 AccessDenied', probe, s3(403, 'AccessDenied', 'Access Denied'), 'not-yet'],
    [
      '403 AccessDenied before the expiry',
      probe,
      s3(403, 'AccessDenied', '', { date: expiry - 1000 }),
      'not-yet',
    ],
    [
      '403 AccessDenied, URL without expiry',
      { start: 0, end: 0 },
      s3(403, 'AccessDenied', '', { date: expiry }),
      'not-yet',
    ],
    ['403 with another code', probe, s3(403, 'AccountProblem'), 'URL_REJECTED'],
    ['403 with a code nobody knows', probe, s3(403, 'BrandNew'), 'URL_REJECTED'],
    [
      '403 HeadersNotSigned',
      probe,
      s3(403, 'AccessDenied', 'There were headers present in the request which were not signed'),
      'URL_REJECTED',
    ],
    ['403 expired, by message', probe, s3(403, 'AccessDenied', 'Request has expired'), 'URL_EXPIRED'],
    ['403 expired, by URL and Date', probe, s3(403, 'AccessDenied', '', { date: expiry }), 'URL_EXPIRED'],
    ['403 without a body, expired by URL and Date', probe, seen(403, { date: expiry + 1 }), 'URL_EXPIRED'],
    ['400 ExpiredToken', probe, s3(400, 'ExpiredToken'), 'URL_EXPIRED'],
    ['403 ExpiredToken', probe, s3(403, 'ExpiredToken'), 'URL_EXPIRED'],
    ['403 SignatureDoesNotMatch', probe, s3(403, 'SignatureDoesNotMatch'), 'URL_REJECTED'],
    ['403 InvalidAccessKeyId', probe, s3(403, 'InvalidAccessKeyId'), 'URL_REJECTED'],
    ['403 RequestTimeTooSkewed', probe, s3(403, 'RequestTimeTooSkewed'), 'URL_REJECTED'],
    ['301 PermanentRedirect', probe, s3(301, 'PermanentRedirect'), 'FILE_REDIRECTED'],
    ['307', probe, s3(307, 'TemporaryRedirect'), 'FILE_REDIRECTED'],
    ['302', probe, seen(302), 'FILE_REDIRECTED'],
    ['304', probe, seen(304), 'INVALID_RANGE_RESPONSE'],
    ['a redirect as browsers show it', probe, seen(0), 'FILE_REDIRECTED'],
    [
      '416 of an object without bytes',
      probe,
      s3(416, 'InvalidRange', '', { contentRange: 'bytes */0' }),
      'empty',
    ],
    ['416 without Content-Range', probe, seen(416), 'maybe-empty'],
    ['416 with XML', probe, seen(416, { contentType: 'application/xml' }), 'maybe-empty'],
    [
      '416 that is a web page',
      probe,
      seen(416, { contentType: 'text/html; charset=utf-8' }),
      'INVALID_RANGE_RESPONSE',
    ],
    ['400 of another region', probe, s3(400, 'AuthorizationHeaderMalformed'), 'URL_REJECTED'],
    ['400 of another location', probe, s3(400, 'IllegalLocationConstraintException'), 'URL_REJECTED'],
    ['400 of a credential scope', probe, s3(400, 'AuthorizationQueryParametersError'), 'URL_REJECTED'],
    ['404 PermanentRedirect', probe, s3(404, 'PermanentRedirect'), 'URL_REJECTED'],
    [
      '416 of an object with bytes',
      probe,
      seen(416, { contentRange: 'bytes */5' }),
      'INVALID_RANGE_RESPONSE',
    ],
    ['416 in the middle of a download', part, seen(416, { contentRange: 'bytes */10' }), 'OBJECT_CHANGED'],
    [
      '400 InvalidArgument',
      probe,
      s3(400, 'InvalidArgument', 'Only one auth mechanism allowed'),
      'URL_REJECTED',
    ],
    ['400 without a body', probe, seen(400), 'URL_REJECTED'],
    ['400 RequestTimeout', probe, s3(400, 'RequestTimeout'), 'not-yet'],
    ['405 (HEAD on a GET URL and the like)', probe, s3(405, 'MethodNotAllowed'), 'URL_REJECTED'],
    ['412', part, s3(412, 'PreconditionFailed'), 'OBJECT_CHANGED'],
    ['503 SlowDown', probe, s3(503, 'SlowDown'), 'not-yet'],
    ['500', probe, s3(500, 'InternalError'), 'not-yet'],
    ['502', probe, seen(502), 'not-yet'],
    ['501', probe, s3(501, 'NotImplemented'), 'URL_REJECTED'],
    ['429', probe, seen(429), 'not-yet'],
    ['408', probe, seen(408), 'not-yet'],
    ['200', probe, seen(200, { contentLength: '0' }), 'RANGE_IGNORED'],
    ['204', probe, seen(204), 'INVALID_RANGE_RESPONSE'],
    ['206', probe, seen(206, { contentRange: 'bytes 0-0/100', contentLength: '1' }), 'ready'],
    ['206 without Content-Length', probe, seen(206, { contentRange: 'bytes 0-0/100' }), 'ready'],
    [
      '206 of the whole body (s3rver)',
      probe,
      seen(206, { contentRange: 'bytes 0-10/11', contentLength: '11' }),
      'ready',
    ],
    ['206 without Content-Range', probe, seen(206, { contentLength: '1' }), 'INVALID_RANGE_RESPONSE'],
    ['206 with another start', probe, seen(206, { contentRange: 'bytes 1-1/100' }), 'INVALID_RANGE_RESPONSE'],
    [
      '206 with the start of the object for a later part',
      part,
      seen(206, { contentRange: 'bytes 0-99/100' }),
      'INVALID_RANGE_RESPONSE',
    ],
    ['206 of unknown size', probe, seen(206, { contentRange: 'bytes 0-0/*' }), 'INVALID_RANGE_RESPONSE'],
    [
      '206 with multipart/byteranges',
      probe,
      seen(206, { contentRange: 'bytes */100' }),
      'INVALID_RANGE_RESPONSE',
    ],
    [
      '206 whose lengths disagree',
      probe,
      seen(206, { contentRange: 'bytes 0-0/100', contentLength: '2' }),
      'INVALID_RANGE_RESPONSE',
    ],
    [
      '206, compressed, whose length is that of the compressed',
      probe,
      seen(206, { contentRange: 'bytes 0-0/100', contentLength: '21', contentEncoding: 'gzip' }),
      'ready',
    ],
    [
      '206 of the same object',
      part,
      seen(206, { contentRange: 'bytes 40-99/100', contentLength: '60', etag: '"v1"' }),
      'ready',
    ],
    ['206 with `bytes 0-0/0`', probe, seen(206, { contentRange: 'bytes 0-0/0' }), 'maybe-empty'],
    ['206 without ETag, continuing', part, seen(206, { contentRange: 'bytes 40-99/100' }), 'OBJECT_CHANGED'],
    [
      '206 without ETag, from the start',
      { ...part, start: 0 },
      seen(206, { contentRange: 'bytes 0-99/100' }),
      'ready',
    ],
    [
      '206 with another ETag',
      part,
      seen(206, { contentRange: 'bytes 40-99/100', etag: '"v2"' }),
      'OBJECT_CHANGED',
    ],
    [
      '206 with another size',
      part,
      seen(206, { contentRange: 'bytes 40-99/101', etag: '"v1"' }),
      'OBJECT_CHANGED',
    ],
    [
      '206 that a browser read from another origin, without its Content-Range',
      probe,
      seen(206, { crossOrigin: true, contentLength: '1' }),
      'CORS_BLOCKED',
    ],
    [
      '206 that a browser read from another origin, with a bad Content-Range',
      probe,
      seen(206, { crossOrigin: true, contentRange: 'bytes' }),
      'INVALID_RANGE_RESPONSE',
    ],
    [
      '206 that a browser read from another origin',
      probe,
      seen(206, { crossOrigin: true, contentRange: 'bytes 0-0/100' }),
      'ready',
    ],
    ['an answer that a browser may not read', probe, failure('cors', 'CORS'), 'not-yet'],
    ['a reset', probe, failure('network', 'ECONNRESET'), 'not-yet'],
    ['a refused connection', probe, failure('network', 'ECONNREFUSED'), 'not-yet'],
    ['silence', probe, failure('timeout', 'timeout'), 'not-yet'],
    [
      'a certificate failure',
      probe,
      failure('certificate', 'SELF_SIGNED_CERT_IN_CHAIN'),
      'FILE_HOST_UNTRUSTED',
    ],
  ])('%s', (_, question, answer, expected) => {
    const verdict = classify(question, answer);
    expect(verdict.state === 'final' ? verdict.code : verdict.state).toBe(expected);
  });
});

test('a 206 tells which bytes it holds, also when they are more than asked for', () => {
  expect(classify(probe, seen(206, { contentRange: 'bytes 0-10/11', contentLength: '11' }))).toEqual({
    state: 'ready',
    size: 11,
    first: 0,
    last: 10,
  });
  expect(classify({ ...part, etag: null }, seen(206, { contentRange: 'bytes 40-59/100' }))).toEqual({
    state: 'ready',
    size: 100,
    first: 40,
    last: 59,
  });
});

test.each([
  [seen(429, { retryAfter: 7000 }), 'overloaded', 7000],
  [s3(503, 'SlowDown', '', { retryAfter: 0 }), 'overloaded', 0],
  [seen(404, { retryAfter: 3000 }), 'missing', 3000],
  [seen(403, { retryAfter: 3000 }), 'forbidden', 3000],
  [s3(403, 'AccessDenied'), 'forbidden', null],
  [seen(500), 'overloaded', null],
  [seen(408), 'silent', null],
  [s3(400, 'RequestTimeout'), 'silent', null],
  [failure('network', 'ECONNRESET'), 'silent', null],
  [failure('cors', 'CORS'), 'unreadable', null],
])(
  'tells why the file is not there yet, and how long the server wants to be left alone: %#',
  (answer, reason, retryAfter) => {
    expect(classify(probe, answer)).toEqual({ state: 'not-yet', reason, retryAfter });
  },
);

test('says in its hints what to do', () => {
  expect(classify(probe, s3(403, 'RequestTimeTooSkewed'))).toMatchObject({
    message: 'The file host refused the URL for good (403 RequestTimeTooSkewed).',
    hint: 'A clock is wrong. Request the export again for a fresh URL.',
  });
  expect(classify(probe, failure('certificate', 'CERT_HAS_EXPIRED'))).toMatchObject({
    message: "The file host's TLS certificate is not trusted (CERT_HAS_EXPIRED).",
    hint: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
  });
  expect(classify(part, seen(206, { contentRange: 'bytes 40-99/101' }))).toMatchObject({
    message: 'The file was replaced while it was being downloaded: it has 101 bytes now instead of 100.',
  });
  expect(classify(probe, s3(400, 'AuthorizationHeaderMalformed'))).toMatchObject({
    hint: 'The URL was signed for another region. Request the export again for a fresh URL.',
  });
});

test.each([
  [seen(206), '206'],
  [s3(404, 'NoSuchKey'), '404 NoSuchKey'],
  [failure('timeout', 'timeout'), 'timeout'],
  [failure('network', 'ECONNRESET'), 'ECONNRESET'],
  [failure('cors', 'CORS'), 'CORS'],
  [seen(0), 'redirect'],
])('has a short name for what was seen: %#', (answer, label) => {
  expect(describe(answer)).toBe(label);
});
