import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseContentRange } from '../../src/readiness/content-range.js';
import { formatDuration, parseDuration } from '../../src/readiness/duration.js';
import { PresignedUrl } from '../../src/readiness/presigned-url.js';
import { parseRetryAfter } from '../../src/readiness/retry-after.js';
import { readS3Error } from '../../src/readiness/s3-error.js';
import { nextDelay, nextStatusDelay } from '../../src/readiness/schedule.js';
import { isLoopback } from '../../src/readiness/secure-url.js';

describe('Content-Range', () => {
  test.each([
    ['bytes 0-0/1', { first: 0, last: 0, size: 1 }],
    ['bytes 0-10/11', { first: 0, last: 10, size: 11 }],
    [' Bytes 5-9/100 ', { first: 5, last: 9, size: 100 }],
    ['bytes 5-9/*', { first: 5, last: 9, size: null }],
    ['bytes */0', { first: null, last: null, size: 0 }],
    ['bytes */7', { first: null, last: null, size: 7 }],
  ])('%s', (text, range) => {
    expect(parseContentRange(text)).toEqual(range);
  });

  test.each([
    null,
    '',
    'bytes',
    'bytes */*',
    'bytes 0-0',
    'bytes 1-0/2',
    'bytes 0-1/1',
    'bytes 0-0/0',
    'items 0-0/1',
    'bytes=0-0/1',
    'bytes 0-0/1, bytes 1-1/2',
    'bytes -1-0/1',
    'bytes 0x0-0/1',
    'bytes 0-0/1e3',
    'bytes 0-/1',
    'bytes 0-0/9999999999999999',
  ])('refuses %p', (text) => {
    expect(parseContentRange(text)).toBeNull();
  });

  test('reads back every range', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.nat(), (first, more, rest) => {
        const [last, size] = [first + more, first + more + rest + 1];
        expect(parseContentRange(`bytes ${first}-${last}/${size}`)).toEqual({ first, last, size });
        expect(parseContentRange(`bytes ${first}-${last}/${last}`)).toBeNull();
      }),
    );
  });
});

describe('Retry-After', () => {
  const date = Date.UTC(2026, 0, 1, 0, 0, 0);
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 5 ', 5000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:59 GMT', 0],
    [null, null],
    ['', null],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['2026', 2_026_000],
    ['9999999999', 1e12],
    ['Xyz, not a date', null],
  ])('%p is %p ms', (text, milliseconds) => {
    expect(parseRetryAfter(text, date)).toBe(milliseconds);
  });

  test('counts from the clock here where the server does not tell its own', () => {
    const found = parseRetryAfter(new Date(Date.now() + 60_000).toUTCString(), null)!;
    expect(found).toBeGreaterThan(50_000);
    expect(found).toBeLessThanOrEqual(60_000);
  });
});

describe('S3 error document', () => {
  test('tells code and message and nothing else', () => {
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message><X-Amz-Expires>1</X-Amz-Expires><Expires>2022-01-25T12:09:23Z</Expires><ServerTime>2022-01-26T00:00:00Z</ServerTime></Error>`;
    expect(readS3Error(body)).toEqual({ code: 'AccessDenied', message: 'Request has expired' });
  });

  test.each([
    [
      '<Error xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n<Code> NoSuchKey </Code></Error>',
      { code: 'NoSuchKey', message: '' },
    ],
    ['<Error><Code>AccessDenied</Code><Message></Message></Error>', { code: 'AccessDenied', message: '' }],
    ['', null],
    ['<html><body>Log in</body></html>', null],
    ['<html><Code>NoSuchKey</Code></html>', null],
    ['{"Error":{"Code":"NoSuchKey"}}', null],
    ['<Error><Code></Code></Error>', null],
    ['<Error><Code>no such key</Code></Error>', null],
    [`<Error><Code>${'A'.repeat(65)}</Code></Error>`, null],
  ])('%#: %s', (body, found) => {
    expect(readS3Error(body)).toEqual(found);
  });
});

describe('durations', () => {
  test.each([
    ['500ms', 500],
    ['3s', 3000],
    ['15m', 900_000],
    ['1.5h', 5_400_000],
    ['0.5ms', 0.5],
    [1234, 1234],
    [2 ** 31 - 1, 2 ** 31 - 1],
  ])('%p is %p ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    '5',
    '5 s',
    ' 5s',
    '5S',
    '-5s',
    '+5s',
    '0s',
    '5d',
    '1e3s',
    '.5s',
    '5.s',
    '1h30m',
    '600h',
    0,
    -1,
    NaN,
    Infinity,
    2 ** 31,
  ])('refuses %p', (value) => {
    expect(() => parseDuration(value, '--timeout')).toThrow(
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('--timeout must be'),
      }),
    );
  });

  test.each([
    [0, '0 ms'],
    [850, '850 ms'],
    [1000, '1 s'],
    [12_345, '12.3 s'],
    [60_000, '1 min'],
    [61_000, '1 min 1 s'],
    [900_000, '15 min'],
    [3_600_000, '1 h'],
    [5_400_000, '1 h 30 min'],
  ])('%d ms reads %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });
});

describe('schedule', () => {
  const calm = { elapsed: 0, remaining: 900_000, retryAfter: null, random: 0 };
  test.each([
    [{}, 100],
    [{ elapsed: 250 }, 100],
    [{ elapsed: 1000 }, 200],
    [{ elapsed: 4000 }, 400],
    [{ elapsed: 100_000 }, 2000],
    [{ elapsed: 4000, random: 0.5 }, 380],
    [{ retryAfter: 5000 }, 5000],
    [{ elapsed: 4000, retryAfter: 50 }, 400],
    [{ retryAfter: 5000, random: 0.9 }, 5000],
    [{ overloads: 1 }, 500],
    [{ overloads: 3 }, 2000],
    [{ overloads: 40 }, 10_000],
    [{ overloads: 2, retryAfter: 3000 }, 3000],
    [{ remaining: 351 }, 100],
    [{ remaining: 350 }, 100],
    [{ remaining: 300 }, 50],
    [{ remaining: 250 }, 250],
    [{ remaining: 40 }, 40],
    [{ remaining: 0 }, 0],
    [{ remaining: 3000, retryAfter: 60_000 }, 2750],
  ])('%j', (moment, delay) => {
    expect(nextDelay({ ...calm, ...moment })).toBeCloseTo(delay, 9);
  });

  const moments = fc.record({
    elapsed: fc.double({ min: 0, max: 2 ** 31, noNaN: true }),
    remaining: fc.double({ min: 0, max: 2 ** 31, noNaN: true }),
    retryAfter: fc.option(fc.double({ min: 0, max: 1e9, noNaN: true })),
    random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  });

  test('is never negative and never past the deadline', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const delay = nextDelay(moment);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(moment.remaining);
      }),
    );
  });

  test('leaves the server alone as long as it asks, unless the deadline is nearer', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const latest = moment.remaining > 250 ? moment.remaining - 250 : moment.remaining;
        expect(nextDelay(moment)).toBeGreaterThanOrEqual(Math.min(moment.retryAfter ?? 0, latest));
        expect(nextDelay(moment)).toBeGreaterThanOrEqual(Math.min(90, latest));
      }),
    );
  });

  test.each([
    [0, 1000],
    [500, 1000],
    [4000, 2000],
    [100_000, 10_000],
    [1e9, 60_000],
  ])('the status after %d ms is asked for again in %d ms', (elapsed, delay) => {
    expect(nextStatusDelay(elapsed)).toBe(delay);
  });
});

describe('presigned URL', () => {
  const signature = '315b6f89304f57ff47afdf388be5449f592b5be635d6d86e39a126a3ca6d3631';
  const path =
    'https://vulcan-prod-private.s3.amazonaws.com/export/team-overview/121/1643090963803/Team%20Overview%20-%20Team%20Alvin.zip';
  const sample = `${path}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAZ5X7NDLAVQ4BD4EC%2F20220125%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20220125T060923Z&X-Amz-Expires=21600&X-Amz-Signature=${signature}&X-Amz-SignedHeaders=host`;
  const url = PresignedUrl.from(sample);

  test.each<[string, (value: PresignedUrl) => string]>([
    ['toString', (value) => value.toString()],
    // eslint-disable-next-line @typescript-eslint/restrict-template-expressions
    ['a template', (value) => `${value}`],
    ['String', String],
    ['JSON', (value) => (JSON.parse(JSON.stringify({ value })) as { value: string }).value],
  ])('prints redacted by %s', (_, print) => {
    expect(print(url)).toBe(`${path}?[redacted]`);
  });

  test('prints redacted by util.inspect, at any depth', () => {
    expect(inspect(url)).toBe(`PresignedUrl(${path}?[redacted])`);
    expect(inspect({ a: [url] }, { depth: 9, showHidden: true })).not.toContain('X-Amz');
  });

  test('has nothing to hide without a query', () => {
    expect(PresignedUrl.from('https://example.com/a.zip').toString()).toBe('https://example.com/a.zip');
  });

  test('reveals its value only when asked', () => {
    expect(url.reveal()).toBe(sample);
    expect(Object.keys(url)).toEqual([]);
    expect(PresignedUrl.from(url)).toBe(url);
  });

  test('knows host, name and expiry', () => {
    expect(url.host).toBe('vulcan-prod-private.s3.amazonaws.com');
    expect(url.fileName).toBe('Team Overview - Team Alvin.zip');
    expect(url.expiresAt).toEqual(new Date('2022-01-25T12:09:23Z'));
  });

  test.each([
    ['', null],
    ['?X-Amz-Date=20220125T060923Z', null],
    ['?X-Amz-Expires=60', null],
    ['?X-Amz-Date=20220125T060923Z&X-Amz-Expires=-60', null],
    ['?X-Amz-Date=yesterday&X-Amz-Expires=60', null],
    ['?x-amz-date=20220125T060923Z&x-amz-expires=60', '2022-01-25T06:10:23.000Z'],
    ['?AWSAccessKeyId=AKIA&Expires=1643112563&Signature=abc%3D', '2022-01-25T12:09:23.000Z'],
    ['?Expires=1643112563', null],
    ['?Expires=soon&Signature=abc', null],
  ])('expiry of %p is %p', (query, expiry) => {
    expect(PresignedUrl.from(`https://example.com/${query}`).expiresAt?.toISOString() ?? null).toBe(expiry);
  });

  test.each([
    ['https://example.com/a/b%2Fc.zip', 'b/c.zip'],
    ['https://example.com/100%.zip', '100%.zip'],
    ['https://example.com/', ''],
    ['https://example.com/%E3%83%81%E3%83%BC%E3%83%A0.zip', 'チーム.zip'],
  ])('name of %s', (value, name) => {
    expect(PresignedUrl.from(value).fileName).toBe(name);
  });

  test.each([
    ['http://example.com/a.zip', 'plain http'],
    ['http://127.0.0.1.example.com/', 'plain http'],
    ['http://localhost.example.com/', 'plain http'],
    ['https://user@example.com/a.zip', 'user name or password'],
    ['https://user:pass@example.com/a.zip', 'user name or password'],
    ['http://user@localhost/a.zip', 'user name or password'],
    ['ftp://example.com/a.zip', 'not an http(s) URL'],
    ['file:///etc/passwd', 'not an http(s) URL'],
    ['data:text/plain,x', 'not an http(s) URL'],
    ['/a.zip', 'not an http(s) URL'],
    ['', 'not an http(s) URL'],
  ])('refuses %s', (value, why) => {
    expect(() => PresignedUrl.from(value)).toThrow(
      expect.objectContaining({ code: 'FILE_URL_REFUSED', message: expect.stringContaining(why) }),
    );
  });

  test('does not repeat what it refuses', () => {
    const secret = 'http://example.com/a.zip?X-Amz-Signature=s3cr3t';
    expect(() => PresignedUrl.from(secret)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cr3t') }),
    );
  });

  test.each([
    'http://localhost:4000/a',
    'http://127.0.0.1/a',
    'http://127.8.9.1/a',
    'http://[::1]:80/a',
    'http://s3.localhost/a',
  ])('takes %s', (value) => {
    expect(PresignedUrl.from(value).reveal()).toBe(new URL(value).href);
  });

  test('takes plain http only from one who insists, and nothing else even then', () => {
    expect(PresignedUrl.from('http://example.com/', { allowInsecureHttp: true }).reveal()).toBe(
      'http://example.com/',
    );
    expect(() => PresignedUrl.from('ftp://example.com/', { allowInsecureHttp: true })).toThrow(
      expect.objectContaining({ code: 'FILE_URL_REFUSED' }),
    );
    expect(() => PresignedUrl.from('http://u@example.com/', { allowInsecureHttp: true })).toThrow(
      expect.objectContaining({ code: 'FILE_URL_REFUSED' }),
    );
  });

  test.each([
    ['localhost', true],
    ['a.localhost', true],
    ['127.0.0.1', true],
    ['[::1]', true],
    ['localhost.com', false],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['[::2]', false],
    ['127.example', false],
  ])('loopback: %s %p', (host, loopback) => {
    expect(isLoopback(host)).toBe(loopback);
  });
});
