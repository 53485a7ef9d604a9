import { gzipSync } from 'node:zlib';
import { headOf, s3Error, sendBody, serve, type Act, type Exchange } from './faulty-host.js';

/*
 * What a network, a proxy or an object store can do to one request. Each is an `Act` for a rule of the faulty host; those
 * that break a body break it at the byte that the rule is about.
 */

/** What a client has not read when a connection breaks may be lost to it, so it gets the time to. Milliseconds. */
const untilRead = 40;

/** No byte of an answer, then the connection is reset. */
export const reset: Act = ({ request }) => request.socket.resetAndDestroy();

/** No byte of an answer, then the connection is closed in order. */
export const hangUp: Act = ({ request }) => request.socket.end();

/** No byte of an answer, ever. */
export const silence: Act = () => undefined;

/** The right head and the body up to the byte, then nothing good. */
export const cutBody =
  (how: 'reset' | 'fin' | 'stall'): ((exchange: Exchange) => Promise<void>) =>
  async (exchange) => {
    const { request, response, start, at } = exchange;
    response.writeHead(206, headOf(exchange)).flushHeaders();
    await sendBody(exchange, start, at - 1);
    if (how === 'stall') return;
    await new Promise((resolve) => setTimeout(resolve, untilRead));
    if (how === 'fin') request.socket.end();
    else request.socket.resetAndDestroy();
  };

/** A right 206 that ends before the byte, though more was asked for. */
export const narrow: Act = (exchange) => {
  if (exchange.start === exchange.at) serve(exchange);
  else serve({ ...exchange, end: exchange.at - 1 });
};

/** A right 206 of half of what was asked for. */
export const halved: Act = (exchange) => {
  serve({ ...exchange, end: exchange.start + ((exchange.end - exchange.start) >> 1) });
};

/** A right 206 of more than was asked for. */
export const wider: Act = (exchange) => {
  serve({ ...exchange, end: exchange.host.object.bytes.length - 1 });
};

function chunkedHeadOf(exchange: Exchange): Record<string, string> {
  return Object.fromEntries(Object.entries(headOf(exchange)).filter(([name]) => name !== 'content-length'));
}

/** A body that ends early but, being chunked, in order. */
export const endBody: Act = async (exchange) => {
  const { response, start, at } = exchange;
  response.writeHead(206, chunkedHeadOf(exchange));
  await sendBody(exchange, start, at - 1);
  await new Promise((resolve) => setTimeout(resolve, untilRead));
  response.end();
};

/** A byte at a time for a while, then the rest. */
export const trickle: Act = async (exchange) => {
  const { response, start, end, at } = exchange;
  response.writeHead(206, headOf(exchange));
  const slowly = Math.min(end, at + 40);
  await sendBody(exchange, start, at - 1);
  for (let position = at; position <= slowly; position += 1) {
    await sendBody(exchange, position, position);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await sendBody(exchange, slowly + 1, end);
  response.end();
};

/** The right body under a head that is wrong in some fields; null takes a field away. */
export const head =
  (wrong: (exchange: Exchange) => Record<string, string | null>): Act =>
  async (exchange) => {
    const { response, start, end } = exchange;
    const fields = Object.entries({ ...headOf(exchange), ...wrong(exchange) });
    const kept = fields.filter((field): field is [string, string] => field[1] !== null);
    response.strictContentLength = false;
    response.writeHead(206, Object.fromEntries(kept));
    await sendBody(exchange, start, end);
    response.end();
  };

const range = (start: number, end: number, size: number): Record<string, string> => ({
  'content-range': `bytes ${start}-${end}/${size}`,
});

/** A range that begins one byte earlier or later than was asked for. */
export const otherStart = head(({ start, end, host }) =>
  start === 0
    ? range(1, end + 1, host.object.bytes.length + 1)
    : range(start - 1, end - 1, host.object.bytes.length),
);

/** A range that has nothing to do with what was asked for. */
export const otherRange: Act = (exchange) => {
  const size = exchange.host.object.bytes.length;
  const start = exchange.start === 0 ? size >> 1 : 0;
  serve({ ...exchange, start, end: Math.max(start, Math.min(start + 999, size - 1)) });
};

export const noRange = head(() => ({ 'content-range': null }));
export const otherTotal = head(({ start, end, host }) => range(start, end, host.object.bytes.length + 1));
export const noTotal = head(({ start, end }) => ({ 'content-range': `bytes ${start}-${end}/*` }));
export const noEtag = head(() => ({ etag: null }));
export const otherEtag = head(() => ({ etag: '"another"' }));
export const tooShortLength = head(({ start, end }) => ({ 'content-length': String(end - start) }));
export const tooLongLength = head(({ start, end }) => ({ 'content-length': String(end - start + 2) }));

/** The right range, and then more of the body than it says. */
export const overDelivery: Act = async (exchange) => {
  const { response, start, end } = exchange;
  response.writeHead(206, chunkedHeadOf(exchange));
  await sendBody(exchange, start, end);
  response.end('more');
};

/** One byte of the body is another one. */
export const corrupt: Act = async (exchange) => {
  const { host, response, start, end, at } = exchange;
  response.writeHead(206, headOf(exchange));
  await sendBody(exchange, start, at - 1);
  await sendBody(exchange, 0, 0, Buffer.of((host.object.bytes[at] ?? 0) ^ 0x40));
  await sendBody(exchange, at + 1, end);
  response.end();
};

/** What is not compressed is passed off as compressed, or the reverse. */
export const compressed: Act = ({ response, host, start, end, ...rest }) => {
  const body = gzipSync(host.object.bytes.subarray(start, end + 1));
  const fields = headOf({ response, host, start, end, ...rest });
  response.writeHead(206, { ...fields, 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
};

export const error =
  (status: number, code: string, headers: Record<string, string> = {}, message?: string): Act =>
  ({ response }) => {
    s3Error(response, status, code, headers, message);
  };

/** `Retry-After` as a date, from the answer's own `Date`. */
export const laterByDate =
  (status: number, seconds: number): Act =>
  ({ response }) => {
    const retryAfter = new Date(Date.now() + seconds * 1000).toUTCString();
    s3Error(response, status, 'SlowDown', { 'retry-after': retryAfter });
  };

/** 403 without a word, at a time when by the store's own clock the URL is no longer valid. */
export const expiredByDate: Act = ({ response }) => {
  response.sendDate = false;
  const date = new Date(Date.now() + 22_000_000).toUTCString();
  s3Error(response, 403, 'AccessDenied', { date }, '');
};

/** The range is ignored: 200 and the whole object. */
export const wholeObject: Act = (exchange) => {
  const { host, response } = exchange;
  response.writeHead(200, { etag: host.object.etag, 'content-length': host.object.bytes.length });
  void sendBody(exchange, 0, host.object.bytes.length - 1).then(() => response.end());
};

export const webPage: Act = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title>');
};

export const redirect =
  (status: number): Act =>
  ({ host, response }) => {
    response.writeHead(status, { location: `${host.url}/elsewhere` }).end();
  };

/** Bytes that are no HTTP. */
export const garbage: Act = ({ request }) => request.socket.end('\u0000\u0001 this is not HTTP\r\n\r\n');

/** The connection is refused, as are those that follow, for a while. */
export const gone =
  (milliseconds?: number): Act =>
  ({ host }) => {
    host.goAway(milliseconds);
  };

/** The object is replaced by another, and the store answers for that one. */
export const replaced =
  (by: Exchange['host']['object']): Act =>
  (exchange) => {
    exchange.host.object = by;
    const size = by.bytes.length;
    serve({ ...exchange, end: Math.min(exchange.end, size - 1) });
  };

/** The same, by a store that does not heed `If-Match`. */
export const replacedUnseen =
  (by: Exchange['host']['object']): Act =>
  (exchange) => {
    delete exchange.request.headers['if-match'];
    replaced(by)(exchange);
  };
