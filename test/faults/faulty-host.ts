import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One version of the object. */
export interface StoredObject {
  bytes: Buffer;
  /** With quotes. */
  etag: string;
}

/** One request for the object, and the bytes `start` to `end` inclusive that it would have been served. */
export interface Exchange {
  host: FaultyHost;
  request: IncomingMessage;
  response: ServerResponse;
  start: number;
  end: number;
  /** The byte of the object that the rule is about. */
  at: number;
}

/** What a rule does instead of serving; `'serve'` when it only wanted to be there. */
export type Act = (exchange: Exchange) => unknown;

export interface Rule {
  /** Applies to requests whose range holds this byte. */
  at: number;
  /** How often. Default: for ever. */
  times?: number;
  act: Act;
}

export type ApiOperation = 'token' | 'ExportTeamOverview' | 'GetExportDeliveryStatus';
/** Answers one request to the API; false leaves it to the healthy API. */
export type ApiAct = (response: ServerResponse, request: IncomingMessage) => unknown;

export const fileName = 'Team Overview - Alvin.zip';
const path = `/bucket/export/team-overview/121/1700000000000/${encodeURIComponent(fileName)}`;

/**
 * A Datasaur and an S3 in one process, written without a look at the client: healthy by default, and broken by rules that
 * speak of bytes of the object, so that they hold however the client divides it into ranges.
 */
export class FaultyHost {
  readonly secrets = {
    clientSecret: `client-secret-${randomBytes(12).toString('hex')}`,
    accessToken: `access-token-${randomBytes(12).toString('hex')}`,
  };
  readonly requests: { range: string | undefined; ifMatch: string | undefined; status: number }[] = [];
  readonly apiRequests: string[] = [];
  /** Requests for anything that nobody was told of, such as the goal of a redirect. */
  strays = 0;
  /** Bytes of the object handed to sockets. */
  served = 0;
  /** How often a rule applied. */
  hits = 0;
  /** Answers that have not ended, and whose connection has not either. */
  open = 0;
  object: StoredObject;
  rules: Rule[] = [];
  api: Partial<Record<ApiOperation, { times?: number; act: ApiAct }>> = {};
  /** Called after each piece with the end of what was served of the object. */
  onServed: ((position: number) => void) | null = null;
  /** Every signature, credential and session token that was ever given out. */
  readonly #presigned: string[] = [];
  readonly #valid = new Set<string>();
  #server: Server;
  readonly #uses = new Map<object, number>();
  #port = 0;

  private constructor(object: StoredObject) {
    this.object = object;
    this.#server = this.#make();
  }

  static async start(object: StoredObject): Promise<FaultyHost> {
    const host = new FaultyHost(object);
    await host.#listen(0);
    return host;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What must be seen nowhere. */
  get allSecrets(): string[] {
    return [...Object.values(this.secrets), ...this.#presigned];
  }

  get environment(): Record<string, string> {
    return {
      DATASAUR_BASE_URL: this.url,
      DATASAUR_CLIENT_ID: 'client-1',
      DATASAUR_CLIENT_SECRET: this.secrets.clientSecret,
    };
  }

  /** A fresh URL for the object. */
  presign(): string {
    const signature = randomBytes(32).toString('hex');
    const credential = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
    const session = randomBytes(40).toString('base64url');
    this.#presigned.push(signature, credential, session);
    this.#valid.add(signature);
    const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    const query = new URLSearchParams({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Credential': `${credential}/${date.slice(0, 8)}/us-east-1/s3/aws4_request`,
      'X-Amz-Date': date,
      'X-Amz-Expires': '21600',
      'X-Amz-Security-Token': session,
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Signature': signature,
    });
    return `${this.url}${path}?${query.toString()}`;
  }

  /** From now on everything is well, counting begins anew, and the URLs that were given out are refused. */
  async heal(): Promise<void> {
    if (!this.#server.listening) {
      this.#server = this.#make();
      await this.#listen(this.#port);
    }
    this.#valid.clear();
    this.rules = [];
    this.api = {};
    this.requests.length = 0;
    this.served = 0;
    this.hits = 0;
    this.onServed = null;
  }

  /** Refuses connections for a while, or for ever. */
  goAway(milliseconds = Infinity): void {
    this.#server.close();
    this.#server.closeAllConnections();
    if (milliseconds === Infinity) return;
    const server = this.#make();
    this.#server = server;
    setTimeout(() => {
      if (this.#server === server) void this.#listen(this.#port);
    }, milliseconds).unref();
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = this.#make();
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }

  #make(): Server {
    return createServer((request, response) => {
      this.open += 1;
      response.on('close', () => (this.open -= 1));
      response.on('error', () => undefined);
      const target = new URL(request.url ?? '/', this.url);
      if (target.pathname === path) this.#serveObject(request, response, target);
      else if (target.pathname === '/graphql') this.#serveGraphql(request, response);
      else if (target.pathname === '/api/oauth/token') this.#serveToken(request, response);
      else {
        this.strays += 1;
        response.writeHead(404).end();
      }
    });
  }

  async #listen(port: number): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #serveObject(request: IncomingMessage, response: ServerResponse, target: URL): void {
    const { range, 'if-match': ifMatch } = request.headers;
    const noted = { range, ifMatch, status: 0 };
    this.requests.push(noted);
    response.on('close', () => (noted.status = response.headersSent ? response.statusCode : 0));
    const refusal = this.#refusalOf(request, target);
    if (refusal !== null) {
      s3Error(response, ...refusal);
      return;
    }
    const size = this.object.bytes.length;
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    const start = Number(first);
    const end = Math.min(last === '' ? Infinity : Number(last), size - 1);
    const rule = this.rules.find(
      (one) => one.at >= start && one.at <= end && (this.#uses.get(one) ?? 0) < (one.times ?? Infinity),
    );
    const exchange = { host: this, request, response, start, end, at: rule?.at ?? 0 };
    if (rule === undefined) {
      serve(exchange);
      return;
    }
    this.#uses.set(rule, (this.#uses.get(rule) ?? 0) + 1);
    this.hits += 1;
    rule.act(exchange);
  }

  /** S3's own reasons to refuse. */
  #refusalOf({ method, headers }: IncomingMessage, target: URL): [number, string] | null {
    if (headers.authorization !== undefined) return [400, 'InvalidArgument'];
    if (method !== 'GET' || !this.#valid.has(target.searchParams.get('X-Amz-Signature') ?? ''))
      return [403, 'SignatureDoesNotMatch'];
    if (Object.keys(headers).some((name) => name.startsWith('x-amz-'))) return [403, 'HeadersNotSigned'];
    return null;
  }

  #serveToken(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    if (this.#applied('token', response, request)) return;
    json(response, { access_token: this.secrets.accessToken, token_type: 'bearer', expires_in: 3600 });
  }

  #serveGraphql(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { operationName } = JSON.parse(Buffer.concat(chunks).toString()) as {
        operationName: ApiOperation;
      };
      if (this.#applied(operationName, response, request)) return;
      const data =
        operationName === 'GetExportDeliveryStatus'
          ? { getExportDeliveryStatus: { deliveryStatus: 'IN_PROGRESS', errors: [] } }
          : { exportTeamOverview: { exportId: 'ExportQueue:1', fileUrl: this.presign(), queued: true } };
      json(response, { data, extensions: {} });
    });
  }

  #applied(operation: ApiOperation, response: ServerResponse, request: IncomingMessage): boolean {
    this.apiRequests.push(operation);
    const rule = this.api[operation];
    if (rule === undefined || (this.#uses.get(rule) ?? 0) >= (rule.times ?? Infinity)) return false;
    this.#uses.set(rule, (this.#uses.get(rule) ?? 0) + 1);
    this.hits += 1;
    return rule.act(response, request) !== false;
  }
}

/** Answers as S3 does: 412, 416, 206, or 200 to a request without a range. */
export function serve(exchange: Exchange): void {
  const { host, request, response, start, end } = exchange;
  const { bytes, etag } = host.object;
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted !== etag) s3Error(response, 412, 'PreconditionFailed');
  else if (request.headers.range === undefined) {
    response.writeHead(200, { etag, 'content-length': bytes.length });
    void sendBody(exchange, 0, bytes.length - 1).then(() => response.end());
  } else if (start >= bytes.length) {
    s3Error(response, 416, 'InvalidRange', { 'content-range': `bytes */${bytes.length}` });
  } else {
    response.writeHead(206, headOf(exchange));
    void sendBody(exchange, start, end).then(() => response.end());
  }
}

/** The head of the right 206. */
export function headOf({ host, start, end }: Exchange): Record<string, string> {
  return {
    etag: host.object.etag,
    'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
    'accept-ranges': 'bytes',
    'content-type': 'application/zip',
    'content-range': `bytes ${start}-${end}/${host.object.bytes.length}`,
    'content-length': String(end - start + 1),
  };
}

const piece = 256 * 1024;

/** Writes bytes `from` to `to` inclusive, as fast as they are taken. */
export async function sendBody(
  { host, response }: Exchange,
  from: number,
  to: number,
  bytes = host.object.bytes,
): Promise<void> {
  for (let position = from; position <= to && !response.destroyed;) {
    const next = Math.min(position + piece, to + 1);
    const room = response.write(bytes.subarray(position, next));
    host.served += next - position;
    position = next;
    host.onServed?.(position);
    if (!room) await drained(response);
  }
}

async function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done);
      resolve();
    };
    response.on('drain', done).on('close', done);
    if (response.destroyed) done();
  });
}

export function s3Error(
  response: ServerResponse,
  status: number,
  code: string,
  headers: Record<string, string> = {},
  message = 'No.',
): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(`<?xml version="1.0"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
