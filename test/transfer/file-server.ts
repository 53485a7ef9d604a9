import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PresignedUrl, RemoteFile } from '../../src/readiness/index.js';
import { nodeFetch } from '../../src/transfer/index.js';

export interface Range {
  start: number;
  end: number;
}

/** How one request is answered. */
export type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  range: Range,
) => void | Promise<void>;

export interface Trick {
  /** Bytes of this object instead. */
  bytes?: Buffer;
  /** The ETag that the answer bears; null for none. */
  etag?: string | null;
  /** Do not compare `If-Match`. */
  ignoreIfMatch?: boolean;
  /** Send this many bytes of the range, then drop the connection, end the body, or fall silent. */
  after?: number;
  then?: 'drop' | 'end' | 'stall';
  /** Send this behind the range. */
  extra?: Buffer;
  /** Answer with at most this many bytes of the range, and say so. */
  narrow?: number;
}

/** An object store for one object, which answers the first requests as told and the rest as it should. */
export class FileServer {
  /** What was asked for, as `Range` and `If-Match`. */
  readonly requests: { range: string | undefined; ifMatch: string | undefined }[] = [];
  readonly #server: Server;
  #next: Answer[] = [];

  private constructor(
    readonly bytes: Buffer,
    readonly etag: string | null,
    readonly name: string,
  ) {
    this.#server = createServer((request, response) => {
      const { range: asked, 'if-match': ifMatch } = request.headers;
      this.requests.push({ range: asked, ifMatch });
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(asked ?? '') ?? [];
      const answer = this.#next.shift() ?? this.serve();
      void answer(request, response, { start: Number(start ?? 0), end: Number(end ?? bytes.length - 1) });
    });
  }

  static async start(bytes: Buffer, etag: string | null = '"v1"', name = 'file.bin'): Promise<FileServer> {
    const server = new FileServer(bytes, etag, name);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** What readiness would have found. */
  remote(facts: { size?: number; name?: string } = {}): RemoteFile {
    const { port } = this.#server.address() as AddressInfo;
    const path = encodeURIComponent(facts.name ?? this.name);
    const url = PresignedUrl.from(`http://127.0.0.1:${port}/export/${path}?X-Amz-Signature=s3cr3t`);
    return new RemoteFile(
      { url, size: facts.size ?? this.bytes.length, etag: this.etag, lastModified: null },
      nodeFetch,
    );
  }

  /** How the next requests are answered. */
  first(...answers: Answer[]): this {
    this.#next = answers;
    return this;
  }

  always(answer: Answer): this {
    return this.first(...Array.from({ length: 100 }, () => answer));
  }

  serve({ bytes = this.bytes, etag = this.etag, ignoreIfMatch = false, ...trick }: Trick = {}): Answer {
    return (request, response, { start, end }) => {
      const wanted = request.headers['if-match'];
      if (!ignoreIfMatch && wanted !== undefined && wanted !== etag) {
        response.writeHead(412).end('<Error><Code>PreconditionFailed</Code></Error>');
        return;
      }
      const last = Math.min(end, bytes.length - 1, start + (trick.narrow ?? Infinity) - 1);
      const part = bytes.subarray(start, last + 1);
      response.writeHead(206, {
        'content-range': `bytes ${start}-${last}/${bytes.length}`,
        ...(etag === null ? {} : { etag }),
        ...(trick.extra === undefined && trick.then !== 'end' ? { 'content-length': part.length } : {}),
      });
      if (trick.then === undefined) {
        response.end(trick.extra === undefined ? part : Buffer.concat([part, trick.extra]));
        return;
      }
      const kept = part.subarray(0, trick.after ?? 0);
      if (trick.then === 'end') response.end(kept);
      else {
        response.write(kept, () => {
          // What a client has not read when the connection breaks is lost to it, so it gets the time to.
          if (trick.then === 'drop') setTimeout(() => response.socket?.destroy(), 60);
        });
        response.flushHeaders();
      }
    };
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

export const plain =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  (_, response) => {
    response.writeHead(status, headers).end(body);
  };
