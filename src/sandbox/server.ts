import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crossOriginHeaders, preflightReply } from './cross-origin.js';
import {
  BodyTooLarge,
  inbound,
  jsonReply,
  send,
  type Endpoint,
  type Inbound,
  type Reply,
} from './http-exchange.js';
import type { RequestKind, RequestLog } from './request-log.js';

export type Endpoints = Readonly<Record<RequestKind, Endpoint>>;

export interface LoopbackServer {
  /** e.g. `http://127.0.0.1:40123` */
  readonly url: string;
  /** Requests that come before it are answered with 503. */
  readonly serve: (endpoints: Endpoints) => void;
  readonly close: () => Promise<void>;
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  readonly allowedOrigins: readonly string[];
}

/** @throws the listening error, e.g. `EADDRINUSE`. */
export async function listen(
  { host, port, allowedOrigins }: ListenOptions,
  log: RequestLog,
): Promise<LoopbackServer> {
  let endpoints: Endpoints | null = null;
  const server = createServer((message, response) => {
    void exchange(inbound(message), response, { endpoints, allowedOrigins, log });
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: baseUrl(host, server),
    serve: (those) => {
      endpoints = those;
    },
    close: async () => close(server),
  };
}

interface Exchange {
  readonly endpoints: Endpoints | null;
  readonly allowedOrigins: readonly string[];
  readonly log: RequestLog;
}

async function exchange(
  request: Inbound,
  response: ServerResponse,
  { endpoints, allowedOrigins, log }: Exchange,
): Promise<void> {
  const kind = kindOf(request.target);
  const record = log.record(kind, request);
  const reply =
    preflightReply(request, allowedOrigins) ??
    (endpoints === null ? jsonReply(503, {}) : await answer(endpoints[kind], request));
  record.status = reply.status;
  record.operationName = reply.operationName ?? null;
  const headers = { ...crossOriginHeaders(request.headers, allowedOrigins), ...reply.headers };
  await send({ ...reply, headers }, response, (bytes) => {
    record.bytesSent += bytes;
  });
}

async function answer(endpoint: Endpoint, request: Inbound): Promise<Reply> {
  try {
    return await endpoint(request);
  } catch (error) {
    if (error instanceof BodyTooLarge)
      return jsonReply(413, { error: error.message }, { Connection: 'close' });
    return jsonReply(500, { error: 'internal error' });
  }
}

/** Like on S3's own host, everything that is not one of the two API paths is an object. */
function kindOf(target: string): RequestKind {
  const [path] = target.split('?');
  if (path === '/graphql') return 'graphql';
  return path === '/api/oauth/token' ? 'token' : 'object';
}

function baseUrl(host: string, server: Server): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
