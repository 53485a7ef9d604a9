import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  DatasaurExportError,
  abortedError,
  errorCodes,
  foreignText,
  isCertificateFailure,
  sanitizedCause,
  systemCode,
  throwIfAborted,
} from '../../src/errors/index.js';

describe('foreign text', () => {
  const hex = '315b6f89304f57ff47afdf388be5449f592b5be635d6d86e39a126a3ca6d3631';
  test.each([
    ['a plain sentence.', 'a plain sentence.'],
    [' two\n lines\t', 'two lines'],
    [
      'GET https://b.s3.amazonaws.com/k?X-Amz-Signature=abc&x=1 failed',
      'GET https://b.s3.amazonaws.com/k?[redacted] failed',
    ],
    ['see "https://b/k?a=b", please', 'see "https://b/k?[redacted]", please'],
    ['Authorization: Bearer abc.def-ghi', 'Authorization: Bearer [redacted]'],
    ['authorization: basic dXNlcjpwYXNz', 'authorization: basic [redacted]'],
    ['X-Amz-Signature=abc&b=1', 'X-Amz-Signature=[redacted]&b=1'],
    ['X-Amz-Security-Token: abc', 'X-Amz-Security-Token: [redacted]'],
    ['{"access_token":"abc","token_type":"bearer"}', '{"access_token":"[redacted]","token_type":"bearer"}'],
    ['client_secret=hunter2&grant_type=x', 'client_secret=[redacted]&grant_type=x'],
    [`signature ${hex}`, 'signature [redacted]'],
    [`signature ${hex.toUpperCase()}!`, 'signature [redacted]!'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig-nature', 'token [redacted]'],
    ['a\u0000b\u001b[31mc\u009bd', 'a b [31mc d'],
    ['safe\u202Egnp.exe\u2066x', 'safe gnp.exe x'],
    ['チーム', 'チーム'],
    ['', ''],
  ])('%j', (text, safe) => {
    expect(foreignText(text)).toBe(safe);
  });

  test('leaves out the secrets it is told, but not what is too short to be one', () => {
    expect(foreignText('id hunter2 and hunter2, a.b*c, abc', ['hunter2', 'a.b*c', 'abc'])).toBe(
      'id [redacted] and [redacted], [redacted], abc',
    );
  });

  test('is of limited length', () => {
    expect(foreignText('ab '.repeat(100), [], 10)).toBe('ab ab ab …');
    expect(foreignText('x'.repeat(300))).toBe('x'.repeat(300));
    expect(foreignText('x'.repeat(301))).toBe(`${'x'.repeat(299)}…`);
  });

  test('does not show half a secret at the cut', () => {
    const secret = 'Z'.repeat(1000);
    for (let before = 8000; before < 9000; before += 50)
      expect(foreignText(`${'\n'.repeat(before)}${secret}`, [secret])).not.toContain('ZZZZ');
  });

  test('is quick on a huge answer', () => {
    const start = performance.now();
    foreignText('https://a'.repeat(2_000_000));
    foreignText('access_token '.repeat(1_000_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('never holds a control character, a line break or a secret, and never exceeds the limit', () => {
    const secret = 'S3CRET-S3CRET';
    const text = fc
      .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constant(secret), fc.constant('\u001b[2J')))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 400 }), (foreign, limit) => {
        const safe = foreignText(foreign, [secret], limit);
        expect(safe).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
        expect(safe).not.toContain(secret);
        expect(safe.length).toBeLessThanOrEqual(limit);
      }),
    );
  });
});

describe('a cause', () => {
  test('keeps name, code and cleaned message, nothing else', () => {
    const raw = Object.assign(new TypeError('fetch https://b/k?sig=1 failed: tok-123456'), {
      code: 'ECONNRESET',
      config: { token: 'tok-123456' },
    });
    const cause = sanitizedCause(raw, ['tok-123456']);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).not.toBe(raw);
    expect(cause).toMatchObject({
      name: 'TypeError',
      message: 'fetch https://b/k?[redacted] failed: [redacted]',
      code: 'ECONNRESET',
    });
    expect(cause.stack).toBe('TypeError: fetch https://b/k?[redacted] failed: [redacted]');
    expect('config' in cause).toBe(false);
  });

  test('is made of anything that was thrown', () => {
    expect(sanitizedCause('Bearer abc')).toMatchObject({ name: 'Error', message: 'Bearer [redacted]' });
    expect(sanitizedCause(undefined).message).toBe('undefined');
    expect('code' in sanitizedCause(new Error('x'))).toBe(false);
  });
});

describe('system codes', () => {
  const coded = (code: unknown): Error => Object.assign(new Error('x'), { code });
  test.each([
    [coded('ENOSPC'), 'ENOSPC'],
    [new Error('fetch failed', { cause: coded('ECONNREFUSED') }), 'ECONNREFUSED'],
    [coded(20), null],
    [coded('not a code'), null],
    [new Error('x'), null],
    ['ENOSPC', null],
    [null, null],
  ])('%#', (error, code) => {
    expect(systemCode(error)).toBe(code);
  });

  test('end also where causes go round in a circle', () => {
    const one = new Error('x');
    one.cause = one;
    expect(systemCode(one)).toBeNull();
  });

  test.each([
    ['CERT_HAS_EXPIRED', true],
    ['SELF_SIGNED_CERT_IN_CHAIN', true],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', true],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', true],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', true],
    ['ERR_TLS_CERT_ALTNAME_INVALID', true],
    ['ECONNRESET', false],
    ['EPROTO', false],
    [null, false],
  ])('certificate: %s %p', (code, certificate) => {
    expect(isCertificateFailure(code)).toBe(certificate);
  });
});

describe('our error', () => {
  const error = new DatasaurExportError('NOT_READY', 'Not there.', {
    hint: 'Wait.',
    details: { attempts: 3 },
    cause: new Error('inner'),
  });

  test('has code, message, hint, details and cause', () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'DatasaurExportError',
      code: 'NOT_READY',
      message: 'Not there.',
      hint: 'Wait.',
      details: { attempts: 3 },
    });
    expect((error.cause as Error).message).toBe('inner');
    expect('cause' in new DatasaurExportError('NOT_READY', 'x')).toBe(false);
  });

  test('is plain JSON without cause and details', () => {
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'DatasaurExportError',
      code: 'NOT_READY',
      message: 'Not there.',
      hint: 'Wait.',
    });
  });

  test('is told apart by code', () => {
    expect(DatasaurExportError.is(error)).toBe(true);
    expect(DatasaurExportError.is(error, 'NOT_READY')).toBe(true);
    expect(DatasaurExportError.is(error, 'ABORTED')).toBe(false);
    expect(DatasaurExportError.is(Object.assign(new Error('x'), { code: 'NOT_READY' }))).toBe(false);
    expect(DatasaurExportError.is(Object.assign({}, error))).toBe(false);
    expect(DatasaurExportError.is(null)).toBe(false);
  });

  test('of another copy of this package is one of ours', () => {
    const other = Object.assign(new Error('x'), {
      code: 'ABORTED',
      [Symbol.for('datasaur-export.error')]: true,
    });
    expect(DatasaurExportError.is(other)).toBe(true);
    expect(DatasaurExportError.is(other, 'ABORTED')).toBe(true);
    expect(DatasaurExportError.is(other, 'NOT_READY')).toBe(false);
  });

  test('is an AbortError where the caller aborted', () => {
    expect(abortedError()).toMatchObject({
      name: 'AbortError',
      code: 'ABORTED',
      message: 'Aborted by the caller.',
      hint: '',
    });
    const controller = new AbortController();
    expect(() => {
      throwIfAborted(controller.signal);
      throwIfAborted(undefined);
    }).not.toThrow();
    controller.abort();
    expect(() => {
      throwIfAborted(controller.signal);
    }).toThrow(expect.objectContaining({ name: 'AbortError', code: 'ABORTED' }));
  });

  test('has a code of upper-case letters and a meaning for each', () => {
    for (const [code, meaning] of Object.entries(errorCodes)) {
      expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
      expect(meaning.length).toBeGreaterThan(10);
    }
  });
});
