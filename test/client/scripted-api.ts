import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { DatasaurExportError } from '../../src/index.js';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** How one request is answered, once it has been read to its end. */
export type Answer = (response: ServerResponse, request: Received) => unknown;

export interface ScriptedApi {
  url: string;
  /** Requests to `/graphql`, in order of arrival. */
  operations: Received[];
  /** Requests to `/api/oauth/token`, in order of arrival. */
  tokenRequests: Received[];
  /** Requests to anything else, in order of arrival. */
  others: Received[];
}

interface Script {
  /** The last one answers every further request too. */
  graphql?: Answer[];
  token?: Answer[];
  port?: number;
}

const servers: Server[] = [];

/** A server on loopback that answers as told, however wrong that is. Give {@link closeApis} to `afterEach`. */
export async function scriptedApi({
  graphql = [],
  token = [grant()],
  port = 0,
}: Script = {}): Promise<ScriptedApi> {
  const api: ScriptedApi = { url: '', operations: [], tokenRequests: [], others: [] };
  const server = createServer((message, response) => {
    void textOf(message).then(async (body) => {
      const request = { path: message.url ?? '', headers: message.headers, body };
      const [seen, script] =
        request.path === '/graphql'
          ? [api.operations, graphql]
          : request.path === '/api/oauth/token'
            ? [api.tokenRequests, token]
            : [api.others, []];
      seen.push(request);
      const answer = script[Math.min(seen.length, script.length) - 1] ?? json(404, {});
      await answer(response, request);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

export function closeApis(): void {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export function answer(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(body);
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return answer(status, JSON.stringify(body), { 'content-type': 'application/json', ...headers });
}

/** Reads the request and says nothing. */
export const hang: Answer = () => undefined;

/** Reads the request and resets the connection. */
export const reset: Answer = (response) => response.socket?.resetAndDestroy();

/** Announces more than it sends, and closes the connection. */
export const cutOff: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
  response.write('{"data":{"exportTeam', () => response.socket?.destroy());
};

/** A token, the same each time or numbered: `grant()` gives `token-1`, `grant('b')` gives `b`. */
export function grant(accessToken = 'token-1', expiresIn: unknown = 3600): Answer {
  return json(200, { access_token: accessToken, token_type: 'bearer', expires_in: expiresIn });
}

export const fileUrl = 'https://files.example/export/Team%20Overview.zip?X-Amz-Signature=abc';

export function exportResult(fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { exportId: 'ExportQueue:1', fileUrl, fileUrlExpiredAt: '2030-01-01T00:00:00.000Z', ...fields };
}

/** An export that was started. */
export function started(fields: Record<string, unknown> = {}): Answer {
  return json(200, { data: { exportTeamOverview: exportResult(fields) }, extensions: {} });
}

const unauthorizedBody = {
  data: null,
  errors: [{ message: 'Unauthorized', extensions: { type: 'AuthenticationError' } }],
};
export const unauthorized401 = json(401, unauthorizedBody);
export const unauthorized200 = json(200, unauthorizedBody);

export async function failureOf(promise: Promise<unknown>): Promise<DatasaurExportError> {
  const error: unknown = await promise.then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (DatasaurExportError.is(error)) return error;
  throw error;
}
