import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
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
export const nodeFetch: RangeFetch = async (url, init) =>
  (isForDirect(init.headers) ? await directFetch(url, init) : null) ?? ordinaryFetch(url, init);

const ordinaryFetch: RangeFetch = async (url, { method, headers, signal }) =>
  new Promise<FetchAnswer>((resolve, reject) => {
    const { protocol } = new URL(url);
    const secure = protocol === 'https:';
    const send = secure ? httpsRequest : httpRequest;
    const agent = secure ? agents['https:'] : agents['http:'];
    const request = send(url, { method, headers, agent, signal });
    request.on('response', (body) => {
      const get = (name: string): string | null => {
        const value = body.headers[name];
        return Array.isArray(value) ? value.join(', ') : (value ?? null);
      };
      resolve({ status: body.statusCode ?? 0, headers: { get }, body });
    });
    request.on('error', reject);
    request.end();
  });
