import { createHash, randomBytes } from 'node:crypto';
import type { Inbound, Reply } from './http-exchange.js';
import { decide } from './object-request.js';
import { accessDenied, refusal } from './presigned-request.js';
import { parseTarget } from './request-target.js';
import { errorReply, storeHeaders, type S3Error } from './s3-error.js';
import { presignGet, type SigningKey } from './sigv4.js';

/** How to reach the object store with any S3 client, path-style. */
export interface SandboxStorage extends SigningKey {
  /** e.g. `http://127.0.0.1:40123` */
  readonly endpoint: string;
  readonly bucket: string;
}

export interface PresignOptions {
  /** Seconds, from 1 to 604800. Default: the sandbox's `urlLifetime`. */
  readonly expiresIn?: number;
  /** When it was signed; in the past for a URL that has expired. Default: now. */
  readonly at?: Date;
}

interface StoredObject {
  readonly bytes: Buffer;
  /** Quoted, as S3 sends it. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface ObjectStoreSettings {
  readonly missingObject: 'NoSuchKey' | 'AccessDenied';
  /** Default lifetime of a presigned URL, in milliseconds. */
  readonly urlLifetime: number;
}

/** Objects in memory, behind what S3 does with a presigned GET. */
export class ObjectStore {
  readonly storage: SandboxStorage;
  readonly #settings: ObjectStoreSettings;
  readonly #objects = new Map<string, StoredObject>();

  constructor(endpoint: string, settings: ObjectStoreSettings) {
    this.#settings = settings;
    this.storage = {
      endpoint,
      bucket: 'sandbox-private',
      region: 'us-east-1',
      accessKeyId: 'AKIASANDBOXSANDBOX00',
      secretAccessKey: randomBytes(30).toString('base64'),
    };
  }

  /** Stores `bytes` (not a copy of them) under `key`, in place of what is there. */
  put(key: string, bytes: Uint8Array, md5 = createHash('md5').update(bytes).digest('hex')): void {
    const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#objects.set(key, { bytes: content, etag: `"${md5}"`, lastModified: new Date() });
  }

  presign(key: string, { expiresIn, at }: PresignOptions = {}): string {
    return presignGet({
      origin: this.storage.endpoint,
      segments: [this.storage.bucket, ...key.split('/')],
      key: this.storage,
      expiresIn: expiresIn ?? this.#settings.urlLifetime / 1000,
      at: at ?? new Date(),
    });
  }

  /** Answers one request as S3 would. */
  handle(request: Inbound): Reply {
    const found = this.#find(request);
    return 'code' in found ? errorReply(found) : objectReply(request, found.key, found.object);
  }

  #find(request: Inbound): S3Error | { key: string; object: StoredObject } {
    const target = parseTarget(request.target);
    if (target === null)
      return { status: 400, code: 'InvalidURI', message: "Couldn't parse the specified URI." };
    const refused = refusal(request, target, this.storage, new Date());
    if (refused !== null) return refused;
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed(request.method);
    const [bucket = '', ...path] = target.segments;
    if (bucket !== this.storage.bucket) return noSuchBucket(bucket);
    const key = path.join('/');
    const object = this.#objects.get(key);
    return object === undefined ? this.#missing(key) : { key, object };
  }

  #missing(key: string): S3Error {
    if (this.#settings.missingObject === 'AccessDenied') return accessDenied();
    const message = 'The specified key does not exist.';
    return { status: 404, code: 'NoSuchKey', message, details: { Key: key } };
  }
}

function objectReply(request: Inbound, key: string, { bytes, etag, lastModified }: StoredObject): Reply {
  const decision = decide(request.headers, bytes.length, etag);
  if (decision.status === 412) return errorReply(preconditionFailed());
  if (decision.status === 416) return errorReply(invalidRange(decision.range, bytes.length));
  const { status, start, end } = decision;
  return {
    status,
    headers: {
      ...storeHeaders(),
      'Last-Modified': lastModified.toUTCString(),
      ETag: etag,
      'Accept-Ranges': 'bytes',
      'Content-Type': key.endsWith('.zip') ? 'application/zip' : 'binary/octet-stream',
      ...(status === 206 && { 'Content-Range': `bytes ${start}-${end - 1}/${bytes.length}` }),
    },
    body: bytes.subarray(start, end),
  };
}

function preconditionFailed(): S3Error {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return { status: 412, code: 'PreconditionFailed', message, details: { Condition: 'If-Match' } };
}

function invalidRange(range: string, size: number): S3Error {
  return {
    status: 416,
    code: 'InvalidRange',
    message: 'The requested range is not satisfiable',
    details: { RangeRequested: range, ActualObjectSize: size },
    headers: { 'Content-Range': `bytes */${size}` },
  };
}

function noSuchBucket(bucket: string): S3Error {
  const message = 'The specified bucket does not exist';
  return { status: 404, code: 'NoSuchBucket', message, details: { BucketName: bucket } };
}

function methodNotAllowed(method: string): S3Error {
  const message = 'The specified method is not allowed against this resource.';
  const details = { Method: method, ResourceType: 'OBJECT' };
  return { status: 405, code: 'MethodNotAllowed', message, details, headers: { Allow: 'GET, HEAD' } };
}
