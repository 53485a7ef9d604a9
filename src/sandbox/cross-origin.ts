import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { Inbound, Reply } from './http-exchange.js';

const methods = ['GET', 'POST'];
const requestHeaders = ['authorization', 'content-type', 'if-match', 'range'];
const exposedHeaders = [
  'Content-Range', 'ETag', 'Content-Length', 'Last-Modified', 'Date', 'Retry-After', 'x-amz-request-id',
]; // prettier-ignore

/** What a browser has to be told so that a page of another origin may read an answer (CORS); nothing where nobody may. */
export function crossOriginHeaders(
  headers: IncomingHttpHeaders,
  origins: readonly string[],
): OutgoingHttpHeaders {
  if (origins.length === 0) return {};
  // Also where the answer is the same for all, so that no cache gives one page what was meant for another.
  if (!isAllowed(headers, origins)) return { Vary: 'Origin' };
  return {
    Vary: 'Origin',
    'Access-Control-Allow-Origin': headers.origin,
    'Access-Control-Expose-Headers': exposedHeaders.join(', '),
  };
}

/** The answer to a browser that asks first whether a page may send a request; null for every other request. */
export function preflightReply({ method, headers }: Inbound, origins: readonly string[]): Reply | null {
  const wanted = headers['access-control-request-method'];
  if (origins.length === 0 || method !== 'OPTIONS' || headers.origin === undefined || wanted === undefined)
    return null;
  const names = (headers['access-control-request-headers'] ?? '').toLowerCase().split(',');
  const unlisted = names
    .map((name) => name.trim())
    .some((name) => name !== '' && !requestHeaders.includes(name));
  if (!isAllowed(headers, origins) || !methods.includes(wanted) || unlisted)
    return { status: 403, headers: {}, body: Buffer.alloc(0) };
  return {
    status: 200,
    headers: {
      'Access-Control-Allow-Methods': methods.join(', '),
      'Access-Control-Allow-Headers': requestHeaders.join(', '),
    },
    body: Buffer.alloc(0),
  };
}

function isAllowed({ origin }: IncomingHttpHeaders, origins: readonly string[]): boolean {
  return origin !== undefined && origins.includes(origin);
}
