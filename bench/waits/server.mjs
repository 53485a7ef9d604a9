// An object host for bench/waits/run.mjs, in a process of its own: every object is there some seconds after it was first
// asked for. Counts sockets and requests, and tells them at /counts.
import { createServer } from 'node:http';

const size = 20_000;
const body = Buffer.alloc(size, 'x');
const firstAsked = new Map();
const counts = { sockets: 0, peakSockets: 0, requests: 0 };

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  if (pathname === '/counts') {
    response.end(JSON.stringify(counts));
    Object.assign(counts, { peakSockets: counts.sockets, requests: 0 });
    return;
  }
  counts.requests += 1;
  note(request.socket);
  const now = performance.now();
  if (!firstAsked.has(pathname)) firstAsked.set(pathname, now);
  if (now - firstAsked.get(pathname) < Number(searchParams.get('after'))) {
    response.writeHead(404, { 'content-type': 'application/xml' });
    response.end('<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>');
    return;
  }
  response.writeHead(206, {
    'content-range': `bytes 0-${size - 1}/${size}`,
    'content-length': size,
    etag: '"1"',
  });
  response.end(body);
});
server.keepAliveTimeout = 60_000;

const known = new WeakSet();
/** Counts a socket from its first request on, so that those of /counts are none. */
function note(socket) {
  if (known.has(socket)) return;
  known.add(socket);
  counts.sockets += 1;
  counts.peakSockets = Math.max(counts.peakSockets, counts.sockets);
  socket.on('error', () => undefined).on('close', () => (counts.sockets -= 1));
}

server.listen(0, '127.0.0.1', () => process.send(server.address().port));
process.on('disconnect', () => process.exit());
