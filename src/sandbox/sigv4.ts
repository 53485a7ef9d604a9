import { createHash, createHmac } from 'node:crypto';

export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** Who signs, and for which region. */
export interface SigningKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
}

/** What is signed; names and values are decoded. */
export interface SignedParts {
  readonly method: string;
  /** Decoded path segments, without the leading slash: `['bucket', 'a b.zip']`. */
  readonly segments: readonly string[];
  /** The query without `X-Amz-Signature`. */
  readonly query: readonly (readonly [string, string])[];
  /** The signed headers in order of their lower-case names. */
  readonly headers: readonly (readonly [string, string])[];
}

export interface PresignRequest {
  /** Scheme and host, e.g. `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly segments: readonly string[];
  readonly key: SigningKey;
  /** Seconds, from 1 to 604800. */
  readonly expiresIn: number;
  readonly at: Date;
}

/** A URL for one GET, with the signature in its query (S3's SigV4 query-string authentication). */
export function presignGet({ origin, segments, key, expiresIn, at }: PresignRequest): string {
  const query: [string, string][] = [
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${key.accessKeyId}/${scope(at, key.region)}`],
    ['X-Amz-Date', amzDate(at)],
    ['X-Amz-Expires', String(expiresIn)],
  ];
  const parts: SignedParts = {
    method: 'GET',
    segments,
    query: [...query, ['X-Amz-SignedHeaders', 'host']],
    headers: [['host', new URL(origin).host]],
  };
  const signed: [string, string][] = [
    ...query,
    ['X-Amz-Signature', signature(parts, key, at)],
    ['X-Amz-SignedHeaders', 'host'],
  ];
  return `${origin}${canonicalPath(segments)}?${canonicalQuery(signed)}`;
}

/** The hex signature of a request whose payload is not signed. */
export function signature(parts: SignedParts, key: SigningKey, at: Date): string {
  return hmac(signingKey(key, at), stringToSign(parts, key.region, at)).toString('hex');
}

export function stringToSign(parts: SignedParts, region: string, at: Date): string {
  const hash = createHash('sha256').update(canonicalRequest(parts)).digest('hex');
  return [ALGORITHM, amzDate(at), scope(at, region), hash].join('\n');
}

export function canonicalRequest({ method, segments, query, headers }: SignedParts): string {
  return [
    method,
    canonicalPath(segments),
    canonicalQuery(query),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}`),
    '',
    headers.map(([name]) => name).join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n');
}

/** `20130524T000000Z` */
export function amzDate(at: Date): string {
  return at.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

/** The credential's scope: `20130524/us-east-1/s3/aws4_request`. */
export function scope(at: Date, region: string): string {
  return `${amzDate(at).slice(0, 8)}/${region}/s3/aws4_request`;
}

function canonicalPath(segments: readonly string[]): string {
  return '/' + segments.map(encode).join('/');
}

function canonicalQuery(query: readonly (readonly [string, string])[]): string {
  // By name first: '=' sorts after '-', so whole pairs would come out in another order.
  return query
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([a, aValue], [b, bValue]) => compare(a, b) || compare(aValue, bValue))
    .map((pair) => pair.join('='))
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** RFC 3986: everything but the unreserved characters; `encodeURIComponent` leaves five more alone. */
function encode(text: string): string {
  const escape = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, escape);
}

function signingKey({ secretAccessKey, region }: SigningKey, at: Date): Buffer {
  const scopeParts = scope(at, region).split('/');
  return scopeParts.reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${secretAccessKey}`));
}

function hmac(key: Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
