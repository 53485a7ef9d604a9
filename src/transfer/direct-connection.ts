import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import { bodyLength, parseHead, type ResponseHead } from './response-head.js';

/** Memory that takes the bytes of a body as they come. */
export interface Sink {
  /** Room for the next bytes; null while there is none. */
  room(): Uint8Array | null;
  /** So many bytes have been put into the room. */
  filled(count: number): void;
  whenRoom(): Promise<void>;
}

/** The socket reads in pieces of this size while nobody has given it memory. */
const scratchSize = 64 * 1024;

type State =
  /** Nothing was asked, or all of the answer has been read. */
  | { name: 'idle' }
  | { name: 'head'; resolve: (head: ResponseHead | 'unusual') => void }
  /** The head has come; nobody reads the body yet. */
  | { name: 'held' }
  | { name: 'body'; sink: Sink; resolve: () => void };

/**
 * A connection over which bodies are read from the socket straight into the memory where they are wanted. Node's HTTP
 * client makes a buffer for every 16 or 64 KiB, and collecting a gibibyte of those costs more than everything else.
 */
export class DirectConnection {
  readonly #socket: Socket;
  readonly #scratch = new Uint8Array(scratchSize);
  #state: State = { name: 'idle' };
  #reject: (error: Error) => void = () => undefined;
  /** What has come and is not where it belongs yet. */
  #pending: Uint8Array = new Uint8Array(0);
  /** Bytes of the body that are not yet in a sink. */
  #left = 0;
  #kept = true;
  #lost: Error | null = null;

  /** @param onLost called once the connection is closed */
  constructor(url: URL, onLost: (connection: DirectConnection) => void) {
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port);
    const onread: OnReadOpts = {
      buffer: () => this.#memory(),
      callback: (count, buffer) => this.#onBytes(count, buffer),
    };
    const options = { host, port, onread, servername: isIP(host) === 0 ? host : '' };
    this.#socket = secure ? connectSecure(options) : connectPlain(options);
    this.#socket.setNoDelay(true);
    this.#socket.on('error', (error) => (this.#lost ??= error));
    this.#socket.on('close', () => {
      this.#lost ??= Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' });
      onLost(this);
      this.#advance();
    });
  }

  /** Sends a request and reads the head of its answer. @returns `unusual` for one that is better left to another client */
  async request(text: string): Promise<ResponseHead | 'unusual'> {
    this.#socket.ref();
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      this.#state = { name: 'head', resolve };
      this.#socket.write(text, 'latin1');
      this.#advance();
    });
  }

  /** Reads the body of the answer, of so many bytes, into `sink`. @throws where it breaks off */
  async readInto(sink: Sink): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      if (this.#socket.destroyed && this.#state.name === 'idle') {
        this.destroy();
        return;
      }
      this.#state = { name: 'body', sink, resolve };
      this.#advance();
    });
  }

  /** Lets the process end although this connection is open, until it is used again. */
  rest(): void {
    this.#socket.unref();
  }

  /** Whether another request can be sent: the answer has been read to its end, and the host keeps the connection. */
  get reusable(): boolean {
    return this.#state.name === 'idle' && this.#left === 0 && this.#lost === null && this.#kept;
  }

  /** Ends whatever is going on, at once. */
  destroy(): void {
    this.#lost ??= Object.assign(new Error('The connection was given up.'), { code: 'ECONNABORTED' });
    this.#state = { name: 'idle' };
    this.#reject(this.#lost);
    this.#socket.destroy();
  }

  /** Where the socket is to put what it reads next. */
  #memory(): Uint8Array {
    if (this.#state.name !== 'body' || this.#pending.byteLength > 0) return this.#scratch;
    return this.#state.sink.room()?.subarray(0, this.#left) ?? this.#scratch;
  }

  /** @returns whether to go on reading */
  #onBytes(count: number, memory: Uint8Array): boolean {
    if (memory === this.#scratch) {
      this.#pending = Buffer.concat([this.#pending, memory.subarray(0, count)]);
    } else if (this.#state.name === 'body') {
      this.#left -= count;
      this.#state.sink.filled(count);
    }
    return this.#advance();
  }

  /** Does what can be done with what has come. @returns whether more is wanted now */
  #advance(): boolean {
    if (this.#state.name === 'idle') {
      // Nothing was asked, so whatever comes belongs to nothing.
      if (this.#pending.byteLength > 0) this.#socket.destroy();
      return true;
    }
    const wanted = this.#state.name === 'head' ? this.#readHead(this.#state.resolve) : this.#readBody();
    if (wanted && this.#lost !== null) {
      this.destroy();
      return false;
    }
    if (wanted) this.#socket.resume();
    else this.#socket.pause();
    return wanted;
  }

  #readHead(resolve: (head: ResponseHead | 'unusual') => void): boolean {
    const head = parseHead(this.#pending);
    if (head === null) return true;
    const length = head === 'unusual' ? null : bodyLength(head);
    if (head === 'unusual' || length === null) {
      resolve('unusual');
    } else {
      this.#left = length;
      this.#kept = !/\bclose\b/i.test(head.headers.get('connection') ?? '');
      this.#pending = this.#pending.subarray(head.length);
      resolve(head);
    }
    this.#state = { name: 'held' };
    return false;
  }

  #readBody(): boolean {
    if (this.#state.name !== 'body') return false;
    const { sink, resolve } = this.#state;
    while (this.#left > 0 && this.#pending.byteLength > 0) {
      const room = sink.room();
      if (room === null) break;
      const bytes = this.#pending.subarray(0, Math.min(room.byteLength, this.#left));
      room.set(bytes);
      this.#pending = this.#pending.subarray(bytes.byteLength);
      this.#left -= bytes.byteLength;
      sink.filled(bytes.byteLength);
    }
    if (this.#left === 0) {
      this.#state = { name: 'idle' };
      resolve();
      // What follows the end of the body belongs to nothing.
      return this.#advance();
    }
    if (sink.room() !== null) return true;
    void sink.whenRoom().then(() => this.#advance());
    return false;
  }
}
