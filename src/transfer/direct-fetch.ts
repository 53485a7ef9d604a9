import { DirectConnection, type Sink } from './direct-connection.js';
import type { FetchAnswer, RangeFetch } from '../readiness/index.js';

/** Below so many bytes, an ordinary client does as well. */
const worthwhile = 1024 * 1024;
/** How long (ms) a connection is kept for the next range. */
const keepTime = 2000;
const chunkSize = 64 * 1024;

/** A body that can be read into given memory, or chunk by chunk like any other. */
export class DirectBody implements AsyncIterable<Uint8Array> {
  readonly #connection: DirectConnection;
  readonly #release: () => void;

  /** @param release called when the body has been read to its end */
  constructor(connection: DirectConnection, release: () => void) {
    this.#connection = connection;
    this.#release = release;
  }

  /** @throws where the body breaks off */
  async readInto(sink: Sink): Promise<void> {
    await this.#connection.readInto(sink);
    this.#release();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = new Chunks();
    const reading = this.readInto(chunks).then(
      () => {
        chunks.end(null);
      },
      (error: unknown) => {
        chunks.end(error);
      },
    );
    try {
      for (let next = await chunks.next(); next !== null; next = await chunks.next()) yield next;
      await reading;
    } finally {
      // Harmless after the end; before it, nobody wants the rest.
      if (!chunks.ended) this.#connection.destroy();
    }
  }
}

/** One chunk at a time, for who wants no more. */
class Chunks implements Sink {
  ended = false;
  #error: unknown = null;
  #room: Uint8Array | null = new Uint8Array(chunkSize);
  #chunk: Uint8Array | null = null;
  #changed: () => void = () => undefined;
  #wanted: () => void = () => undefined;

  room(): Uint8Array | null {
    return this.#room;
  }

  filled(count: number): void {
    this.#chunk = this.#room?.subarray(0, count) ?? null;
    this.#room = null;
    this.#changed();
  }

  async whenRoom(): Promise<void> {
    return new Promise((resolve) => (this.#wanted = resolve));
  }

  end(error: unknown): void {
    this.ended = true;
    this.#error = error;
    this.#changed();
  }

  /** The next chunk; null at the end. @throws where the body breaks off */
  async next(): Promise<Uint8Array | null> {
    while (this.#chunk === null && !this.ended) {
      this.#room ??= new Uint8Array(chunkSize);
      const changed = new Promise<void>((resolve) => (this.#changed = resolve));
      this.#wanted();
      await changed;
    }
    const chunk = this.#chunk;
    this.#chunk = null;
    if (chunk === null && this.#error !== null) throw this.#error as Error;
    return chunk;
  }
}

const resting = new Map<string, Set<DirectConnection>>();
const restingSince = new WeakMap<DirectConnection, number>();

/**
 * Whether a request is worth a connection of its own kind: it asks for a large range, and for no other object than the
 * one that is known.
 */
export function isForDirect(headers: Record<string, string>): boolean {
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(headers['range'] ?? '') ?? [];
  return headers['if-match'] !== undefined && Number(end) - Number(start) + 1 >= worthwhile;
}

/**
 * Sends a request for a large range.
 *
 * @returns null where the answer is nothing that has a plain length: then the request is to be sent by an ordinary client
 */
export async function directFetch(
  ...[url, { headers, signal }]: Parameters<RangeFetch>
): Promise<FetchAnswer | null> {
  const target = new URL(url);
  const lines = Object.entries({ host: target.host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  if (target.username !== '' || lines.some((line) => /[^\t\x20-\x7e\x80-\xff]/.test(line))) return null;
  const text = `GET ${target.pathname}${target.search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  const rested = resting.get(target.origin)?.values().next().value;
  if (rested !== undefined) {
    try {
      return await exchange(take(target.origin, rested), target.origin, text, signal);
    } catch (error) {
      // The host may have closed it just now; a new one will tell.
      if (signal.aborted) throw error;
    }
  }
  const fresh = new DirectConnection(target, (lost) => void take(target.origin, lost));
  return exchange(fresh, target.origin, text, signal);
}

async function exchange(
  connection: DirectConnection,
  origin: string,
  text: string,
  signal: AbortSignal,
): Promise<FetchAnswer | null> {
  const drop = connection.destroy.bind(connection);
  signal.addEventListener('abort', drop);
  if (signal.aborted) drop();
  const head = await connection.request(text);
  // Of an encoded body, neither length nor place in the file is plain.
  const plain = head !== 'unusual' && !head.headers.has('content-encoding');
  if (!plain || (head.status !== 206 && head.status !== 429 && head.status < 500)) {
    drop();
    return null;
  }
  const answer = { status: head.status, headers: { get: (name: string) => head.headers.get(name) ?? null } };
  if (head.status !== 206) {
    // What it says beyond its status would change nothing.
    drop();
    return { ...answer, body: null };
  }
  const release = (): void => {
    signal.removeEventListener('abort', drop);
    if (connection.reusable) rest(origin, connection);
    else drop();
  };
  return { ...answer, body: new DirectBody(connection, release) };
}

function rest(origin: string, connection: DirectConnection): void {
  connection.rest();
  const here = resting.get(origin) ?? new Set();
  resting.set(origin, here.add(connection));
  const since = performance.now();
  restingSince.set(connection, since);
  setTimeout(() => {
    // It may have been used again since, and rest anew.
    if (restingSince.get(connection) === since && resting.get(origin)?.has(connection) === true)
      take(origin, connection).destroy();
  }, keepTime).unref();
}

function take(origin: string, connection: DirectConnection): DirectConnection {
  const here = resting.get(origin);
  here?.delete(connection);
  if (here?.size === 0) resting.delete(origin);
  return connection;
}
