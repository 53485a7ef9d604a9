import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { DirectBody } from '../../src/transfer/direct-fetch.js';
import { directFetch, isForDirect } from '../../src/transfer/direct-fetch.js';
import { bodyLength, parseHead } from '../../src/transfer/response-head.js';

/** What the host says on one connection, request after request. */
type Script = ((socket: Socket) => void | Promise<void>)[];

let server: Server;
let scripts: Script[] = [];
let requests: string[] = [];
let connections = 0;
const sockets: Socket[] = [];

beforeEach(async () => {
  requests = [];
  connections = 0;
  server = createServer((socket) => {
    const script = scripts[connections] ?? [];
    connections += 1;
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      requests.push(data.toString('latin1'));
      void script.shift()?.(socket);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.close();
  await once(server, 'close');
});

const head =
  'HTTP/1.1 206 Partial Content\r\nContent-Length: 10\r\nETag: "v1"\r\nContent-Range: bytes 0-9/10\r\n';
const say =
  (...pieces: string[]) =>
  async (socket: Socket): Promise<void> => {
    for (const piece of pieces) {
      socket.write(piece, 'latin1');
      await sleep(5);
    }
  };

async function ask(signal = new AbortController().signal): Promise<Awaited<ReturnType<typeof directFetch>>> {
  const { port } = server.address() as AddressInfo;
  const headers = { range: 'bytes=0-9', 'if-match': '"v1"' };
  return directFetch(`http://127.0.0.1:${port}/a%20b?X-Amz-Signature=s`, {
    method: 'GET',
    headers,
    redirect: 'manual',
    signal,
  });
}

async function textOf(body: unknown): Promise<string> {
  let text = '';
  for await (const chunk of body as DirectBody) text += Buffer.from(chunk).toString('latin1');
  return text;
}

/** Memory of which only so many bytes are to be had at once. */
async function readInto(body: unknown, pieces: number): Promise<string> {
  const memory = new Uint8Array(10);
  let position = 0;
  let allowed = 0;
  await (body as DirectBody).readInto({
    room: () => (position < allowed ? memory.subarray(position, allowed) : null),
    filled: (count) => (position += count),
    whenRoom: async () => {
      await sleep(2);
      allowed = Math.min(10, allowed + pieces);
    },
  });
  expect(position).toBe(10);
  return Buffer.from(memory).toString('latin1');
}

test.each<[string, string[]]>([
  ['all at once', [`${head}\r\n0123456789`]],
  ['head and body apart', [`${head}\r\n`, '0123456789']],
  ['byte by byte', `${head}\r\n0123456789`.split('')],
])('reads an answer that comes %s', async (_, pieces) => {
  scripts = [[say(...pieces)], [say(...pieces)]];
  const answer = await ask();
  expect(answer?.status).toBe(206);
  expect(answer?.headers.get('etag')).toBe('"v1"');
  expect(answer?.headers.get('nothing')).toBeNull();
  expect(await readInto(answer?.body, 3)).toBe('0123456789');
  expect(requests[0]).toMatch(
    /^GET \/a%20b\?X-Amz-Signature=s HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\nrange: bytes=0-9\r\nif-match: "v1"\r\n\r\n$/,
  );
});

test('gives its chunks to whoever wants those', async () => {
  scripts = [[say(`${head}\r\n01234`, '567', '89')]];
  expect(await textOf((await ask())?.body)).toBe('0123456789');
});

test('uses a connection again once its answer has been read', async () => {
  scripts = [[say(`${head}\r\n0123456789`), say(`${head}\r\nabcdefghij`)]];
  expect(await textOf((await ask())?.body)).toBe('0123456789');
  expect(await textOf((await ask())?.body)).toBe('abcdefghij');
  expect(connections).toBe(1);
});

test.each<[string, Script]>([
  ['that the host will close', [say(`${head}Connection: close\r\n\r\n0123456789`)]],
  ['over which more came than was announced', [say(`${head}\r\n0123456789!`)]],
  ['that the host has closed since', [(socket) => void socket.end(`${head}\r\n0123456789`)]],
  [
    'that the host closes instead of an answer',
    [say(`${head}\r\n0123456789`), (socket) => void socket.destroy()],
  ],
])('does not use a connection again %s', async (_, script) => {
  scripts = [script, [say(`${head}\r\nabcdefghij`)]];
  expect(await textOf((await ask())?.body)).toBe('0123456789');
  await sleep(20);
  expect(await textOf((await ask())?.body)).toBe('abcdefghij');
  expect(connections).toBe(2);
});

test.each([
  ['without a length', 'HTTP/1.1 206 Partial Content\r\n\r\n0123456789'],
  [
    'in chunks',
    'HTTP/1.1 206 Partial Content\r\nTransfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n',
  ],
  ['with two lengths', `${head}Content-Length: 11\r\n\r\n`],
  ['with a length that is none', 'HTTP/1.1 206 Partial Content\r\nContent-Length: -1\r\n\r\n'],
  ['of another version', 'HTTP/1.0 206 Partial Content\r\nContent-Length: 10\r\n\r\n'],
  ['that is provisional', `HTTP/1.1 103 Early Hints\r\n\r\n${head}\r\n0123456789`],
  ['with a folded line', `${head}X: 1\r\n 2\r\n\r\n`],
  ['with an endless head', `${head}X: ${'x'.repeat(17_000)}`],
  ['that is no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
  ['that is an error with a document', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 3\r\n\r\n<E>'],
  ['that is no range', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789'],
])('leaves an answer %s to another client', async (_, text) => {
  scripts = [[say(text)]];
  expect(await ask()).toBeNull();
});

test('the status of an overloaded host is answer enough', async () => {
  scripts = [[say('HTTP/1.1 503 Slow Down\r\nRetry-After: 3\r\nContent-Length: 5\r\n\r\n<Err>')]];
  const answer = await ask();
  expect(answer).toMatchObject({ status: 503, body: null });
  expect(answer?.headers.get('retry-after')).toBe('3');
});

test.each<[string, Script]>([
  ['before the head', [(socket) => void socket.end('HTTP/1.1 206 Par')]],
  ['at once', [(socket) => void socket.destroy()]],
])('an answer that breaks off %s is an error', async (_, script) => {
  scripts = [script];
  await expect(ask()).rejects.toMatchObject({ code: 'ECONNRESET' });
});

test('a body that breaks off is an error, and what came before it is there', async () => {
  scripts = [[(socket) => void socket.end(`${head}\r\n01234`)]];
  let came = 0;
  const body = (await ask())?.body as DirectBody;
  const memory = new Uint8Array(10);
  const reading = body.readInto({
    room: () => memory.subarray(came),
    filled: (count) => (came += count),
    whenRoom: async () => Promise.resolve(),
  });
  await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(Buffer.from(memory.subarray(0, came)).toString()).toBe('01234');
});

test('an abort ends it before the head, in the body, and leaves nothing open', async () => {
  const controller = new AbortController();
  scripts = [[() => undefined], [say(`${head}\r\n01234`)]];
  const first = ask(controller.signal);
  setTimeout(() => {
    controller.abort();
  }, 20);
  await expect(first).rejects.toBeDefined();
  const second = new AbortController();
  const body = (await ask(second.signal))?.body;
  setTimeout(() => {
    second.abort();
  }, 20);
  await expect(textOf(body)).rejects.toBeDefined();
  await sleep(10);
  expect(
    await new Promise((resolve) =>
      server.getConnections((_, count) => {
        resolve(count);
      }),
    ),
  ).toBe(0);
});

test('an abort ends it also while there is no room for what comes', async () => {
  const controller = new AbortController();
  scripts = [[say(`${head}\r\n0123456789`)]];
  const body = (await ask(controller.signal))?.body as DirectBody;
  let asked = 0;
  const reading = body.readInto({
    room: () => null,
    filled: () => undefined,
    whenRoom: async () => {
      asked += 1;
      if (asked === 3) controller.abort();
      return Promise.resolve();
    },
  });
  await expect(reading).rejects.toMatchObject({ code: 'ECONNABORTED' });
  expect(asked).toBe(3);
});

test('what has been given up before cannot be read', async () => {
  const controller = new AbortController();
  scripts = [[say(`${head}\r\n0123456789`)]];
  const body = (await ask(controller.signal))?.body as DirectBody;
  controller.abort();
  const sink = { room: () => null, filled: () => undefined, whenRoom: async () => Promise.resolve() };
  await expect(body.readInto(sink)).rejects.toMatchObject({ code: 'ECONNABORTED' });
});

test('is only for large ranges of a known object', () => {
  const mebibyte = 1024 * 1024;
  expect(isForDirect({ range: `bytes=0-${mebibyte - 1}`, 'if-match': '"a"' })).toBe(true);
  expect(isForDirect({ range: `bytes=1-${mebibyte - 1}`, 'if-match': '"a"' })).toBe(false);
  expect(isForDirect({ range: `bytes=0-${mebibyte - 1}` })).toBe(false);
  expect(isForDirect({ 'if-match': '"a"' })).toBe(false);
});

describe('a head', () => {
  const token = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,20}$/);
  const value = fc.stringMatching(/^[\x21-\x7e]([\t\x20-\x7e]{0,30}[\x21-\x7e])?$/);

  test('reads as it was written, and never before it has ended', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: 599 }),
        fc.array(fc.tuple(token, value)),
        fc.string(),
        fc.nat(),
        (status, fields, body, cut) => {
          const text = `HTTP/1.1 ${status} \r\n${fields.map(([name, one]) => `${name}: ${one}\r\n`).join('')}\r\n`;
          const found = parseHead(Buffer.from(text + body));
          const expected = new Map<string, string>();
          for (const [name, one] of fields) {
            const before = expected.get(name.toLowerCase());
            expected.set(name.toLowerCase(), before === undefined ? one : `${before}, ${one}`);
          }
          expect(found).toEqual({ status, headers: expected, length: text.length });
          expect(parseHead(Buffer.from(text.slice(0, cut % text.length)))).toBeNull();
        },
      ),
    );
  });

  test('of any bytes is one, none yet, or unusual', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = parseHead(bytes);
        expect(found === null || found === 'unusual' || found.length <= bytes.length).toBe(true);
      }),
    );
  });

  test.each([
    [{ 'content-length': '10' }, 10],
    [{ 'content-length': '0' }, 0],
    [{ 'content-length': '10, 10' }, null],
    [{ 'content-length': '1e3' }, null],
    [{ 'content-length': '10', 'transfer-encoding': 'chunked' }, null],
    [{}, null],
  ])('with %j announces a body of %p bytes', (headers, length) => {
    expect(bodyLength({ status: 206, headers: new Map(Object.entries(headers)), length: 0 })).toBe(length);
  });
});
