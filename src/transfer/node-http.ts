import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { abortedError } from '../errors/index.js';
import { directFetch, isForDirect } from './direct-fetch.js';
import type { FetchAnswer, RangeFetch } from '../readiness/index.js';

const agents = {
  'http:': new HttpAgent({ keepAlive: true, keepAliveMsecs: 10_000 }),
  'https:': new HttpsAgent({ keepAlive: true, keepAliveMsecs: 10_000 }),
};

/**
 * A `fetch` for ranges on Node's own HTTP client: about twice as fast for large bodies as cross-fetch or the built-in
 * one, never decompresses, and reports a body that ends early instead of hanging or ending quietly. Large ranges of a
 * known object are read straight from the socket where the answer allows it.
 */
export const nodeFetch: RangeFetch = async (url, init) => {
  if (!isForDirect(init.headers)) return ordinaryFetch(url, init);
  dropIdle(new URL(url));
  return (await directFetch(url, init)) ?? ordinaryFetch(url, init);
};

/** A host that serves one connection at a time would keep the next waiting behind one that nobody uses. */
function dropIdle({ protocol, hostname, port }: URL): void {
  const secure = protocol === 'https:';
  const agent = secure ? agents['https:'] : agents['http:'];
  const place = `${hostname.replace(/^\[|\]$/g, '')}:${port === '' ? (secure ? 443 : 80) : port}:`;
  for (const [name, sockets] of Object.entries(agent.freeSockets))
    if (name.startsWith(place)) for (const socket of sockets ?? []) socket.destroy();
}

const ordinaryFetch: RangeFetch = async (url, { method, headers, signal }) =>
  new Promise<FetchAnswer>((resolve, reject) => {
    const { protocol } = new URL(url);
    const secure = protocol === 'https:';
    const send = secure ? httpsRequest : httpRequest;
    const agent = secure ? agents['https:'] : agents['http:'];
    const request = send(url, { method, headers, agent });
    let body: IncomingMessage | null = null;
    // Node's own `signal` option destroys the socket with an error, which ends the process where nobody listens any more.
    const stop = (): void => {
      if (body !== null) body.destroy();
      else request.destroy(abortedError());
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    request.on('response', (response) => {
      body = response;
      const get = (name: string): string | null => {
        const value = response.headers[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      };
      resolve({ status: response.statusCode ?? 0, headers: { get }, body: response });
    });
    request.on('close', () => {
      signal.removeEventListener('abort', stop);
    });
    request.on('error', reject);
    request.end();
  });
