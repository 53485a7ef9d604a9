import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const accessToken = 'tok-3f9a1c7e5b2d';
export const clientSecret = 'cs-9d8e7f6a5b4c';
export const signature = '315b6f89304f57ff47afdf388be5449f592b5be635d6d86e39a126a3ca6d3631';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

export interface Faults {
  /** Answers GraphQL operations by name; the default is a healthy export. */
  graphql?:
    | ((operation: string, attempt: number, response: ServerResponse, request: IncomingMessage) => boolean)
    | undefined;
  /** Answers for the file; `false` leaves it to the healthy store. */
  file?: ((request: IncomingMessage, response: ServerResponse, attempt: number) => boolean) | undefined;
  /** Leaves the token request without an answer. */
  silentTokens?: boolean;
  bytes?: Buffer;
  fileName?: (teamId: string) => string;
  fileUrl?: string | null;
}

/** A Datasaur and its file host in one, which misbehaves as it is told; it counts what it is asked. */
export class FaultyDatasaur {
  readonly operations: string[] = [];
  readonly ranges: string[] = [];
  readonly fileHeaders: IncomingMessage['headers'][] = [];
  tokens = 0;
  bytesServed = 0;
  readonly #server: Server;

  private constructor(faults: Faults) {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        this.#route(faults)(request, response, body);
      });
    });
  }

  static async start(faults: Faults = {}): Promise<FaultyDatasaur> {
    const faulty = new FaultyDatasaur(faults);
    await new Promise<void>((resolve) => faulty.#server.listen(0, '127.0.0.1', resolve));
    return faulty;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get environment(): Record<string, string> {
    return { DATASAUR_BASE_URL: this.url, DATASAUR_ACCESS_TOKEN: accessToken };
  }

  get exportsStarted(): number {
    return this.operations.filter((name) => name === 'ExportTeamOverview').length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #route(faults: Faults): Handler {
    return (request, response, body) => {
      if (request.url === '/graphql') this.#graphql(faults, request, response, body);
      else if (request.url === '/api/oauth/token') this.#token(faults, response);
      else this.#file(faults, request, response);
    };
  }

  #token({ silentTokens = false }: Faults, response: ServerResponse): void {
    this.tokens += 1;
    if (silentTokens) return;
    json(response, 200, {
      access_token: `${accessToken}-${this.tokens}`,
      token_type: 'bearer',
      expires_in: 3600,
    });
  }

  #graphql(faults: Faults, request: IncomingMessage, response: ServerResponse, body: string): void {
    const { operationName, variables } = JSON.parse(body) as {
      operationName: string;
      variables: { input?: { teamId: string; method: string } };
    };
    this.operations.push(operationName);
    const attempt = this.operations.filter((name) => name === operationName).length;
    if (faults.graphql?.(operationName, attempt, response, request) === true) return;
    if (operationName === 'GetExportDeliveryStatus') {
      json(response, 200, {
        data: { getExportDeliveryStatus: { deliveryStatus: 'IN_PROGRESS', errors: [] } },
      });
      return;
    }
    const { teamId = '', method = '' } = variables.input ?? {};
    const name = encodeURIComponent((faults.fileName ?? ((id) => `Team Overview - ${id}.zip`))(teamId));
    const stored = `${this.url}/bucket/${teamId}/${name}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${signature}`;
    const fileUrl = faults.fileUrl !== undefined ? faults.fileUrl : method === 'FILE_STORAGE' ? stored : null;
    json(response, 200, {
      data: { exportTeamOverview: { exportId: `ExportQueue:${attempt}`, fileUrl } },
      extensions: {},
    });
  }

  #file({ file, bytes = Buffer.alloc(0) }: Faults, request: IncomingMessage, response: ServerResponse): void {
    this.ranges.push(request.headers.range ?? '');
    this.fileHeaders.push(request.headers);
    if (file?.(request, response, this.ranges.length) === true) return;
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const start = Number(first);
    const end = Math.min(last === '' ? Infinity : Number(last), bytes.length - 1);
    response.writeHead(206, {
      etag,
      'content-range': `bytes ${start}-${end}/${bytes.length}`,
      'content-length': end - start + 1,
    });
    response.end(bytes.subarray(start, end + 1));
    this.bytesServed += end - start + 1;
  }
}

export function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function xmlError(response: ServerResponse, status: number, code: string, message = 'x'): true {
  response.writeHead(status, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  return true;
}
