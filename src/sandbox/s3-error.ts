import { randomBytes } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Reply } from './http-exchange.js';

/** An answer of S3's that is not an object. */
export interface S3Error {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Elements beside `Code` and `Message`, in order, e.g. `{ Key: 'export/…' }`. */
  readonly details?: Readonly<Record<string, string | number>>;
  readonly headers?: OutgoingHttpHeaders;
}

/** Headers of every answer of the object store. */
export function storeHeaders(): { 'x-amz-request-id': string; 'x-amz-id-2': string; Server: string } {
  return {
    'x-amz-request-id': randomBytes(8).toString('hex').toUpperCase(),
    'x-amz-id-2': randomBytes(48).toString('base64'),
    Server: 'AmazonS3',
  };
}

export function errorReply(error: S3Error): Reply {
  const headers = storeHeaders();
  return {
    status: error.status,
    headers: { ...headers, ...error.headers, 'Content-Type': 'application/xml' },
    body: Buffer.from(errorXml(error, headers['x-amz-request-id'], headers['x-amz-id-2'])),
  };
}

function errorXml(error: S3Error, requestId: string, hostId: string): string {
  const elements: Record<string, string | number> = {
    Code: error.code,
    Message: error.message,
    ...error.details,
    RequestId: requestId,
    HostId: hostId,
  };
  const content = Object.entries(elements).map(
    ([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${content.join('')}</Error>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escapeXml(text: string): string {
  return (
    text
      .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
      // XML 1.0 has no way at all to write these.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
  );
}
