import type { ErrorCode } from '../errors/index.js';
import { parseContentRange } from './content-range.js';
import type { S3Error } from './s3-error.js';

/** What a range request asked for: bytes `start` to `end` inclusive, of which object. */
export interface RangeQuestion {
  start: number;
  end: number;
  /** What earlier answers said of the object, where there were any: a different answer now means another object. */
  size?: number | undefined;
  etag?: string | null | undefined;
  /** Given only where it has to stand in for a strong ETag. */
  lastModified?: string | null | undefined;
  /** When the URL expires (ms since the epoch), as the URL itself says. */
  expiresAt?: number | null | undefined;
}

/** The head of an HTTP answer, and the S3 error document if its body held one. */
export interface Answer {
  status: number;
  /** Whether a browser read it from another origin, which hides the headers that the host does not expose. */
  crossOrigin?: boolean;
  contentRange: string | null;
  contentLength: string | null;
  contentEncoding: string | null;
  contentType: string | null;
  etag: string | null;
  lastModified: string | null;
  /** Milliseconds. */
  retryAfter: number | null;
  /** The server's own clock, ms since the epoch. */
  date: number | null;
  error: S3Error | null;
}

/** No HTTP answer: silence, a system code such as `ECONNRESET`, or an answer that a browser may not read (CORS). */
export interface NoAnswer {
  failure: 'timeout' | 'network' | 'certificate' | 'cors';
  code: string;
}

/**
 * Why the file is not there yet: the store does not have it (404), does not say whether it has it (a bare 403), has too
 * much to do (429, 5xx), did not answer, or answered what a browser may not read.
 */
export type NotYetReason = 'missing' | 'forbidden' | 'overloaded' | 'silent' | 'unreadable';

export type Verdict =
  | { state: 'ready'; size: number; first: number; last: number }
  | { state: 'empty' }
  /** An answer that may mean an object of no bytes: only a request without a range can tell. */
  | { state: 'maybe-empty' }
  | { state: 'not-yet'; reason: NotYetReason; retryAfter: number | null }
  | { state: 'final'; code: ErrorCode; message: string; hint: string };

const final = (code: ErrorCode, message: string, hint = ''): Verdict => ({
  state: 'final',
  code,
  message,
  hint,
});
/** What a host has to allow a page of another origin: docs/browser.md. */
export const corsHint =
  'The host must allow the origin of this page GET with the header Range, on error answers too, and expose Content-Range, ETag, Content-Length, Last-Modified, Date and Retry-After.';

const askAgain = 'Request the export again for a fresh URL.';

/** S3's ways of saying that no repetition will help (S3 API reference, "List of error codes"). */
const rejectionCodes = new Set([
  'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException', 'TemporaryRedirect',
  'AuthorizationQueryParametersError', 'InvalidAccessKeyId', 'InvalidArgument', 'InvalidBucketName', 'InvalidObjectState',
  'InvalidRequest', 'InvalidToken', 'NoSuchBucket', 'PermanentRedirect', 'RequestTimeTooSkewed', 'SignatureDoesNotMatch',
  'AccountProblem', 'AllAccessDisabled', 'NotSignedUp', 'MethodNotAllowed', 'HeadersNotSigned',
]); // prettier-ignore

/**
 * Decides what one attempt to read a range means. Pure: it knows the HTTP semantics of ranges (RFC 9110 §14) and how
 * S3 and its look-alikes answer for objects that are missing, empty, replaced, expired or forbidden.
 */
export function classify(question: RangeQuestion, seen: Answer | NoAnswer): Verdict {
  if ('failure' in seen) {
    return seen.failure === 'certificate'
      ? final('FILE_HOST_UNTRUSTED', `The file host's TLS certificate is not trusted (${seen.code}).`,
          'Behind a private CA, set NODE_EXTRA_CA_CERTS to its certificate.') // prettier-ignore
      : notYet(seen.failure === 'cors' ? 'unreadable' : 'silent', null);
  }
  const { status } = seen;
  if (status === 206) return classifyPartialContent(question, seen);
  if (status === 200) {
    return final('RANGE_IGNORED', 'The file host answered a range request with 200 instead of 206: it ignored the range.',
      'A proxy or a login page may stand between you and the file host; 200 is never taken for the file.'); // prettier-ignore
  }
  if (status === 416) return classifyUnsatisfiable(question, seen);
  if (status === 412) return changed('its ETag is another one now');
  // 0 is what browsers show of a redirect that was not to be followed.
  if (status === 0 || [300, 301, 302, 303, 307, 308].includes(status)) {
    return final('FILE_REDIRECTED', `The file host answered with a redirect${seen.status === 0 ? '' : ` (${describe(seen)})`}.`,
      'A presigned URL is bound to its host, so redirects are not followed. The bucket may be in another region.'); // prettier-ignore
  }
  if (status === 408 || status === 425 || seen.error?.code === 'RequestTimeout')
    return notYet('silent', seen);
  if (status === 501 || status === 505) return rejected(seen);
  if (status === 429 || status >= 500) return notYet('overloaded', seen);
  if (status >= 400) return classifyRefusal(question, seen);
  return nonsense(`status ${status} to a range request`);
}

/** A short name for what was seen, for histograms and timelines: `404 NoSuchKey`, `ECONNRESET`, `timeout`. */
export function describe(seen: Answer | NoAnswer): string {
  if ('failure' in seen) return seen.failure === 'timeout' ? 'timeout' : seen.code;
  if (seen.status === 0) return 'redirect';
  // Only what looks like a code is shown: a server may put anything there.
  const code = /^[A-Z][A-Za-z]{2,39}$/.test(seen.error?.code ?? '') ? ` ${seen.error?.code ?? ''}` : '';
  return `${seen.status}${code}`;
}

function classifyPartialContent(question: RangeQuestion, seen: Answer): Verdict {
  // What s3rver says of an object of no bytes.
  if (seen.contentRange === 'bytes 0-0/0' && question.size === undefined) return { state: 'maybe-empty' };
  const range = parseContentRange(seen.contentRange);
  if (range?.first == null || range.last === null || range.size === null) {
    return seen.crossOrigin === true && seen.contentRange === null
      ? final('CORS_BLOCKED', 'The browser may not read the Content-Range of the file host (CORS).', corsHint)
      : nonsense(`206 without a usable Content-Range`);
  }
  if (range.first !== question.start)
    return nonsense(`206 with bytes from ${range.first} instead of ${question.start}`);
  if (question.size !== undefined && range.size !== question.size) {
    return changed(`it has ${range.size} bytes now instead of ${question.size}`);
  }
  if (question.lastModified != null && seen.lastModified !== question.lastModified) {
    return changed('it was modified at another time');
  }
  // A continuation that does not say what it continues could be of another object of the same size.
  if (question.etag != null && seen.etag === null && question.start > 0)
    return changed('its ETag is no longer given');
  if (question.etag != null && seen.etag !== null && seen.etag !== question.etag)
    return changed('its ETag is another one now');
  const length = range.last - range.first + 1;
  if (seen.contentEncoding === null && seen.contentLength !== null && seen.contentLength !== String(length)) {
    return nonsense(`206 whose Content-Range and Content-Length disagree`);
  }
  return { state: 'ready', size: range.size, first: range.first, last: range.last };
}

function classifyUnsatisfiable(question: RangeQuestion, seen: Answer): Verdict {
  const range = parseContentRange(seen.contentRange);
  if (question.size !== undefined) return changed('it is shorter now');
  if (range?.size === 0) return { state: 'empty' };
  if (range !== null) return nonsense('416 for a range that the object has');
  return isWebPage(seen) ? nonsense('a web page behind 416') : { state: 'maybe-empty' };
}

/** No object store speaks HTML. */
export function isWebPage({ contentType }: Answer): boolean {
  return /^(text\/html|application\/xhtml\+xml)\b/i.test(contentType?.trim() ?? '');
}

function classifyRefusal(question: RangeQuestion, seen: Answer): Verdict {
  const { code = '', message = '' } = seen.error ?? {};
  if (code === 'ExpiredToken' || code === 'TokenRefreshRequired') {
    return final('URL_EXPIRED', 'The temporary credentials that signed the URL have expired.', askAgain);
  }
  if (/request has expired/i.test(message)) return expired();
  if (rejectionCodes.has(code) || /not signed/i.test(message)) return rejected(seen);
  if (seen.status === 404) return notYet('missing', seen);
  if (seen.status !== 403) return rejected(seen);
  // Some stores give an expired URL and a missing key the same empty 403, so the URL itself has to tell them apart.
  if (question.expiresAt != null && seen.date !== null && seen.date >= question.expiresAt) return expired();
  // Where the signer may not list the bucket, a key that is not there yet is 403 AccessDenied instead of 404.
  return code === '' || code === 'AccessDenied' ? notYet('forbidden', seen) : rejected(seen);
}

function notYet(reason: NotYetReason, seen: Answer | null): Verdict {
  return { state: 'not-yet', reason, retryAfter: seen?.retryAfter ?? null };
}

function expired(): Verdict {
  return final('URL_EXPIRED', 'The presigned URL has expired.', askAgain);
}

/** What some of the refusals tell beyond their name. */
const reasons: Readonly<Record<string, string>> = {
  RequestTimeTooSkewed: 'A clock is wrong. ',
  AuthorizationHeaderMalformed: 'The URL was signed for another region. ',
  AuthorizationQueryParametersError: 'The URL may have been signed for another region. ',
  IllegalLocationConstraintException: 'The URL was signed for another region. ',
};

function rejected(seen: Answer): Verdict {
  const hint = (reasons[seen.error?.code ?? ''] ?? '') + askAgain;
  return final('URL_REJECTED', `The file host refused the URL for good (${describe(seen)}).`, hint);
}

function changed(how: string): Verdict {
  return final('OBJECT_CHANGED', `The file was replaced while it was being downloaded: ${how}.`,
    'Run again to get the new one; nothing of the two was mixed.'); // prettier-ignore
}

function nonsense(what: string): Verdict {
  return final('INVALID_RANGE_RESPONSE', `The file host gave an answer that makes no sense: ${what}.`,
    'A proxy between you and the file host may be at fault.'); // prettier-ignore
}
