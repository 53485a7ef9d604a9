import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

const BODY_LIMIT = 1024 * 1024;
const SLICE = 256 * 1024;

/** A request as the endpoints see it. */
export interface Inbound {
  readonly method: string;
  /** The target as it was sent: path and query, still encoded. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** The whole body as text. @throws BodyTooLarge past 1 MiB. */
  readonly body: () => Promise<string>;
}

/** An endpoint's whole answer. */
export interface Reply {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: Buffer;
  /** The GraphQL operation that was answered, for the request log. */
  readonly operationName?: string | null;
}

export type Endpoint = (request: Inbound) => Promise<Reply>;

/** A request body larger than 1 MiB. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
}

export function inbound(message: IncomingMessage): Inbound {
  return {
    method: message.method ?? 'GET',
    target: message.url ?? '/',
    headers: message.headers,
    body: async () => readBody(message),
  };
}

export function jsonReply(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Reply {
  return {
    status,
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  };
}

/**
 * Sends the reply slice by slice, never ahead of what the connection takes, so that a large body costs no
 * memory of its own. Ends early, without an error, when the client goes away.
 */
export async function send(
  reply: Reply,
  response: ServerResponse,
  onSent: (bytes: number) => void,
): Promise<void> {
  response.writeHead(reply.status, { 'Content-Length': reply.body.length, ...reply.headers });
  if (response.req.method !== 'HEAD') await sendBody(reply.body, response, onSent);
  response.end();
}

async function sendBody(
  body: Buffer,
  response: ServerResponse,
  onSent: (bytes: number) => void,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => {
    gone.abort();
  });
  for (let at = 0; at < body.length && !response.destroyed; at += SLICE) {
    const slice = body.subarray(at, at + SLICE);
    const hasRoom = response.write(slice);
    onSent(slice.length);
    if (!hasRoom) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  }
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Left open when it is too long: the refusal goes back on the same connection.
  const stream = message.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of stream) {
    length += chunk.length;
    if (length > BODY_LIMIT) throw new BodyTooLarge(`request body larger than ${BODY_LIMIT} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
