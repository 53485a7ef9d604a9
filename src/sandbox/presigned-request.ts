import { equalInConstantTime } from './constant-time.js';
import type { Inbound } from './http-exchange.js';
import type { Target } from './request-target.js';
import type { S3Error } from './s3-error.js';
import { ALGORITHM, amzDate, canonicalRequest, scope, signature, stringToSign } from './sigv4.js';
import type { SignedParts, SigningKey } from './sigv4.js';

const LONGEST_EXPIRY = 604_800;
const CLOCK_SKEW = 15 * 60_000;

/** Why S3 would refuse this request at `now`, or null when its signature is good. */
export function refusal(request: Inbound, target: Target, key: SigningKey, now: Date): S3Error | null {
  const query = new Map(target.query);
  const claimed = query.get('X-Amz-Signature');
  if (request.headers.authorization !== undefined) {
    return claimed === undefined ? accessDenied() : twoMechanisms(request.headers.authorization);
  }
  const missing = REQUIRED.filter((name) => !query.has(name));
  if (claimed === undefined || missing.length > 0) {
    return missing.length === REQUIRED.length ? accessDenied() : badParameters(MISSING_PARAMETERS);
  }
  const at = parseAmzDate(query.get('X-Amz-Date') ?? '');
  const expiresIn = Number(query.get('X-Amz-Expires'));
  const malformed = malformedParameters(query, at, expiresIn);
  if (malformed !== null || at === null) return badParameters(malformed ?? INVALID_DATE);
  const names = (query.get('X-Amz-SignedHeaders') ?? '').split(';');
  return (
    wrongTime(at, expiresIn, now) ??
    wrongCredential(query.get('X-Amz-Credential') ?? '', key, at) ??
    unsignedHeaders(request, names) ??
    wrongSignature(request, target, names, claimed, key, at)
  );
}

const REQUIRED = [
  'X-Amz-Signature',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Date',
  'X-Amz-Expires',
  'X-Amz-SignedHeaders',
] as const;

const MISSING_PARAMETERS =
  'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.';
const INVALID_DATE = "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"";

function malformedParameters(
  query: ReadonlyMap<string, string>,
  at: Date | null,
  expiresIn: number,
): string | null {
  if (query.get('X-Amz-Algorithm') !== ALGORITHM) return `X-Amz-Algorithm only supports "${ALGORITHM}"`;
  if (at === null) return INVALID_DATE;
  if (!Number.isInteger(expiresIn)) return 'X-Amz-Expires should be a number';
  if (expiresIn < 0) return 'X-Amz-Expires must be non-negative';
  if (expiresIn > LONGEST_EXPIRY)
    return 'X-Amz-Expires must be less than a week (in seconds); that is, less than 604800';
  return null;
}

function wrongTime(at: Date, expiresIn: number, now: Date): S3Error | null {
  if (at.getTime() - now.getTime() > CLOCK_SKEW) {
    const message = "The difference between the request time and the server's time is too large.";
    return { status: 403, code: 'RequestTimeTooSkewed', message, details: { ServerTime: seconds(now) } };
  }
  const end = new Date(at.getTime() + expiresIn * 1000);
  if (now < end) return null;
  const details = { 'X-Amz-Expires': expiresIn, Expires: seconds(end), ServerTime: seconds(now) };
  return { status: 403, code: 'AccessDenied', message: 'Request has expired', details };
}

function wrongCredential(credential: string, key: SigningKey, at: Date): S3Error | null {
  const [accessKeyId = '', ...rest] = credential.split('/');
  if (accessKeyId !== key.accessKeyId) {
    const message = 'The AWS Access Key Id you provided does not exist in our records.';
    return { status: 403, code: 'InvalidAccessKeyId', message, details: { AWSAccessKeyId: accessKeyId } };
  }
  if (rest.join('/') === scope(at, key.region)) return null;
  return badParameters(`Error parsing the X-Amz-Credential parameter; expecting "${scope(at, key.region)}"`);
}

function unsignedHeaders(request: Inbound, signed: readonly string[]): S3Error | null {
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signed.includes(name),
  );
  if (!signed.includes('host')) unsigned.unshift('host');
  if (unsigned.length === 0) return null;
  const message = 'There were headers present in the request which were not signed';
  return { status: 403, code: 'AccessDenied', message, details: { HeadersNotSigned: unsigned.join(', ') } };
}

function wrongSignature(
  { method, headers }: Inbound,
  { segments, query }: Target,
  names: readonly string[],
  claimed: string,
  key: SigningKey,
  at: Date,
): S3Error | null {
  const parts: SignedParts = {
    method,
    segments,
    query: query.filter(([name]) => name !== 'X-Amz-Signature'),
    headers: names.map((name) => [name, [headers[name] ?? ''].flat().join(',')]),
  };
  if (equalInConstantTime(claimed, signature(parts, key, at))) return null;
  const message =
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
  const details = {
    AWSAccessKeyId: key.accessKeyId,
    StringToSign: stringToSign(parts, key.region, at),
    SignatureProvided: claimed,
    CanonicalRequest: canonicalRequest(parts),
  };
  return { status: 403, code: 'SignatureDoesNotMatch', message, details };
}

function twoMechanisms(authorization: string): S3Error {
  const message =
    'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';
  // S3 repeats the whole value here; the scheme is enough to see the mistake and gives no token away.
  const [scheme = ''] = authorization.split(' ');
  return {
    status: 400,
    code: 'InvalidArgument',
    message,
    details: { ArgumentName: 'Authorization', ArgumentValue: scheme },
  };
}

function badParameters(message: string): S3Error {
  return { status: 400, code: 'AuthorizationQueryParametersError', message };
}

export function accessDenied(): S3Error {
  return { status: 403, code: 'AccessDenied', message: 'Access Denied' };
}

function parseAmzDate(text: string): Date | null {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6.000Z');
  const date = new Date(iso);
  // A day such as 31 February would roll over into another.
  return !Number.isNaN(date.getTime()) && amzDate(date) === text ? date : null;
}

/** `2022-01-25T06:09:23Z`: S3 tells no fractions of a second. */
function seconds(at: Date): string {
  return at.toISOString().replace(/\.\d{3}/, '');
}
