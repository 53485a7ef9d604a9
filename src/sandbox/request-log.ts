import type { IncomingHttpHeaders } from 'node:http';
import type { Inbound } from './http-exchange.js';

/** Which part of the sandbox a request was for. */
export type RequestKind = 'graphql' | 'token' | 'object';

/**
 * One HTTP request that reached the sandbox. It is kept in memory only, and as it came: the headers and the
 * query hold its credentials.
 */
export interface RecordedRequest {
  readonly kind: RequestKind;
  readonly method: string;
  /** Path and query, as sent. */
  readonly path: string;
  readonly headers: Readonly<IncomingHttpHeaders>;
  readonly receivedAt: Date;
  /** HTTP status of the answer; null until there is one. */
  readonly status: number | null;
  /** Name of the GraphQL operation; null where there is none. */
  readonly operationName: string | null;
  /** Bytes of the answer's body handed to the connection so far. */
  readonly bytesSent: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export type OpenRecord = Mutable<RecordedRequest>;

export class RequestLog {
  readonly entries: RecordedRequest[] = [];

  record(kind: RequestKind, request: Inbound): OpenRecord {
    const entry: OpenRecord = {
      kind,
      method: request.method,
      path: request.target,
      headers: { ...request.headers },
      receivedAt: new Date(),
      status: null,
      operationName: null,
      bytesSent: 0,
    };
    this.entries.push(entry);
    return entry;
  }
}
