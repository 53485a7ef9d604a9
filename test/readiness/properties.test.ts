/** What holds for every answer that a host can give, and for every wait. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  classify,
  pollUntilReady,
  type Answer,
  type DatasaurExportError,
  type FetchAnswer,
  type NoAnswer,
  type RangeFetch,
  type RangeQuestion,
  type Verdict,
} from '../../src/readiness/index.js';
import { errorCodes } from '../../src/errors/index.js';
import { parseContentRange } from '../../src/readiness/content-range.js';
import { reply, s3Error } from './fake-fetch.js';
import { VirtualClock } from './virtual-clock.js';

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2 });
const small = fc.nat(20);
const etags = fc.constantFrom('"a"', '"b"', 'W/"a"', 'a');
const dates = fc.constantFrom('Tue, 25 Jan 2022 06:10:00 GMT', 'Tue, 25 Jan 2022 06:10:01 GMT');
const now = Date.UTC(2022, 0, 25, 6, 10, 0);

const statuses = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(206, 200, 416, 404, 403, 503) },
  { weight: 2, arbitrary: fc.constantFrom(0, 204, 301, 302, 307, 400, 401, 405, 408, 410, 412, 425, 429, 500, 501, 505) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 999 }) },
); // prettier-ignore
const contentRanges = fc.oneof(
  fc.tuple(small, small, small).map(([first, more, rest]) => `bytes ${first}-${first + more}/${first + more + rest + 1}`),
  fc.tuple(small, small, small).map(([first, last, size]) => `bytes ${first}-${last}/${size}`),
  fc.constantFrom('bytes */0', 'bytes */7', 'bytes 0-0/0', 'bytes 0-0/*', 'bytes', '', 'items 0-0/1'),
); // prettier-ignore
const s3Codes = fc.oneof(
  fc.constantFrom('NoSuchKey', 'NoSuchBucket', 'AccessDenied', 'SignatureDoesNotMatch', 'ExpiredToken', 'SlowDown',
    'RequestTimeout', 'PermanentRedirect', 'InvalidRange', 'AuthorizationHeaderMalformed'),
  fc.string({ unit: fc.constantFrom('A', 'b', '.', '1'), minLength: 1, maxLength: 8 }),
); // prettier-ignore
const messages = fc.constantFrom('', 'Access Denied', 'Request has expired', 'headers which were not signed');

const answers: fc.Arbitrary<Answer> = fc.record({
  status: statuses,
  contentRange: maybe(contentRanges),
  contentLength: maybe(fc.oneof(small.map(String), fc.constant('nonsense'))),
  contentEncoding: maybe(fc.constant('gzip')),
  contentType: maybe(fc.constantFrom('text/html', 'application/xml', 'binary/octet-stream')),
  etag: maybe(etags),
  lastModified: maybe(dates),
  retryAfter: maybe(fc.nat(100_000)),
  date: maybe(fc.integer({ min: now - 5000, max: now + 5000 })),
  error: maybe(fc.record({ code: s3Codes, message: messages })),
});
const silences: fc.Arbitrary<NoAnswer> = fc.constantFrom(
  { failure: 'timeout', code: 'timeout' },
  { failure: 'network', code: 'ECONNRESET' },
  { failure: 'certificate', code: 'CERT_HAS_EXPIRED' },
  { failure: 'cors', code: 'CORS' },
);
const questions: fc.Arbitrary<RangeQuestion> = fc.oneof(
  fc.record({ start: fc.constant(0), end: small, expiresAt: fc.constantFrom(undefined, null, now) }),
  fc
    .record({ start: small, more: small, rest: small, etag: maybe(etags), lastModified: maybe(dates) })
    .map(({ start, more, rest, ...known }) => ({ start, end: start + more, size: start + more + rest + 1, ...known })),
); // prettier-ignore

/** A property of every verdict on such an answer. */
const judged = <Seen extends Answer | NoAnswer>(
  seen: fc.Arbitrary<Seen>,
  holds: (question: RangeQuestion, answer: Seen, verdict: Verdict) => boolean,
): fc.IProperty<[RangeQuestion, Seen]> =>
  fc.property(questions, seen, (question, answer) => holds(question, answer, classify(question, answer)));
const thorough = { numRuns: 3000 };

describe('every answer', () => {
  test('has one verdict, always the same, in words that are fit to be shown', () => {
    fc.assert(
      judged(fc.oneof(answers, silences), (question, answer, verdict) => {
        const again = classify(structuredClone(question), structuredClone(answer));
        if (JSON.stringify(again) !== JSON.stringify(verdict)) return false;
        if (verdict.state !== 'final')
          return ['ready', 'empty', 'maybe-empty', 'not-yet'].includes(verdict.state);
        return verdict.code in errorCodes && /^[A-Z][\x20-\x7e]+\.$/.test(verdict.message);
      }),
      thorough,
    );
  });

  test('that is not 206 is never the file, and 200 is final', () => {
    fc.assert(
      judged(answers, (_, { status }, { state }) => {
        if (status === 200) return state === 'final';
        return (state !== 'ready' || status === 206) && (state !== 'empty' || status === 416);
      }),
      thorough,
    );
  });

  test('that is the file begins where it was asked to, and contradicts neither itself nor what is known', () => {
    const likely = answers.map((answer) => ({ ...answer, status: 206 }));
    fc.assert(
      judged(likely, (question, answer, verdict) => {
        if (verdict.state !== 'ready') return true;
        const { contentRange, contentLength, contentEncoding, etag, lastModified } = answer;
        const { first, last, size } = verdict;
        const said = parseContentRange(contentRange);
        const length = String(last - first + 1);
        return (
          said?.first === first && said.last === last && said.size === size && first === question.start && last < size &&
          (question.size ?? size) === size &&
          (contentEncoding !== null || contentLength === null || contentLength === length) &&
          (question.etag == null || etag === question.etag || (etag === null && question.start === 0)) &&
          (question.lastModified == null || lastModified === question.lastModified)
        ); // prettier-ignore
      }),
      { numRuns: 20_000 },
    );
  });

  test('that is a 206 without contradiction is the file', () => {
    fc.assert(
      fc.property(questions, ({ start, end, size = end + 1, etag, lastModified }) => {
        const answer: Answer = {
          status: 206,
          contentRange: `bytes ${start}-${end}/${size}`,
          contentLength: String(end - start + 1),
          contentEncoding: null,
          contentType: null,
          etag: etag ?? null,
          lastModified: lastModified ?? null,
          retryAfter: null,
          date: null,
          error: null,
        };
        expect(classify({ start, end, size, etag, lastModified }, answer)).toEqual({
          state: 'ready',
          size,
          first: start,
          last: end,
        });
      }),
    );
  });

  test('that means "not yet" says how long the server wants to be left alone', () => {
    fc.assert(
      judged(
        answers,
        (_, answer, verdict) => verdict.state !== 'not-yet' || verdict.retryAfter === answer.retryAfter,
      ),
      thorough,
    );
  });
});

/** A host that repeats all that it was asked, wherever it can. */
const signature = 'Sigsigsigsigsigsigsig';
const hex = '0123456789abcdef'.repeat(4);
const secrets = [signature, hex, 'AKIASECRET', 'tokentoken'];
const url = `https://bucket.example/a.zip?X-Amz-Signature=${hex}&X-Amz-Credential=AKIASECRET&X-Amz-Security-Token=tokentoken&Signature=${signature}`;

type Script = ((clock: VirtualClock) => Promise<FetchAnswer>)[];
const headers = fc
  .record({
    'content-range': maybe(contentRanges),
    'content-length': maybe(small.map(String)),
    'content-type': maybe(fc.constantFrom('text/html', url)),
    etag: maybe(fc.oneof(etags, fc.constant(`"${hex}"`))),
    'retry-after': maybe(fc.constantFrom('0', '3', '86400', hex)),
    date: maybe(dates),
    location: maybe(fc.constant(url)),
  })
  .map((all) =>
    Object.fromEntries(
      Object.entries(all).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
  );
const bodies = fc.oneof(
  fc.constantFrom('', url, `<html>${url}</html>`, s3Error(signature, url), s3Error('AccessDenied', url)),
  fc.tuple(s3Codes, messages).map(([code, message]) => s3Error(code, message)),
); // prettier-ignore
const replies = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(statuses, headers, bodies).map((parts) => async () => Promise.resolve(reply(...parts))) },
  { weight: 12, arbitrary: fc.constantFrom(404, 403, 503).map((status) => async () => Promise.resolve(reply(status, {}, url))) },
  { weight: 1, arbitrary: fc.constant(async () => new Promise<never>(() => undefined)) },
  { weight: 1, arbitrary: fc.constant(async () => Promise.reject(Object.assign(new Error(url), { code: 'ECONNRESET', url }))) },
); // prettier-ignore
const scripts: fc.Arbitrary<Script> = fc.array(replies, { minLength: 1, maxLength: 12 });

test('every wait ends by its deadline, with the file or an error of a known name that tells no secret', async () => {
  const run = fc.record({
    script: scripts,
    timeout: fc.integer({ min: 1, max: 60_000 }),
    patience: fc.constantFrom(0.1, 1, 10),
    status: maybe(fc.constantFrom('IN_PROGRESS', 'DELIVERED', 'FAILED', url)),
  });
  await fc.assert(
    fc.asyncProperty(run, async ({ script, timeout, patience, status }) => {
      const clock = new VirtualClock();
      const begun: number[] = [];
      const fetch: RangeFetch = async () => {
        begun.push(clock.now());
        return script[Math.min(begun.length, script.length) - 1]!(clock);
      };
      const deliveryStatus = async () =>
        Promise.resolve({ status: status ?? '', errors: [{ id: 'job', stack: url }] });
      const options = {
        clock,
        timeout,
        patience,
        today: () => now,
        ...(status === null ? {} : { deliveryStatus }),
      };
      const wait = pollUntilReady(fetch, url, options);
      const outcome = await clock.settle(wait).catch((error: unknown) => error as DatasaurExportError);
      const file = 'takeOpening' in outcome ? outcome : null;
      file?.close();
      const error = 'takeOpening' in outcome ? null : outcome;
      expect([...Object.keys(errorCodes), undefined]).toContain(error?.code);
      expect(error?.code).not.toBe('UNEXPECTED');
      const shown = [error?.message, error?.hint, error?.stack, JSON.stringify(error?.details)].join('\n');
      expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
      expect(clock.now()).toBeLessThanOrEqual(timeout + 1);
      expect(Math.max(...begun)).toBeLessThanOrEqual(timeout);
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 200 },
  );
});
