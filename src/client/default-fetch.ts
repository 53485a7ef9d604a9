import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Readable } from 'node:stream';
import { urlOf } from './api-fetch.js';

/** Time for what has arrived to be read after its connection has closed. */
const grace = 250;

/**
 * cross-fetch, with two of its habits on Node mended: a body that is cut off before its Content-Length would never end,
 * and a kept connection that the server has just closed would look like a request that was lost after sending.
 */
export const defaultFetch: typeof globalThis.fetch = async (input, init) => {
  const { default: crossFetch } = await import('cross-fetch');
  let onClose = (): void => undefined;
  const agent = urlOf(input).startsWith('https:') ? new HttpsAgent() : new HttpAgent();
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    socket?.once('close', () => {
      onClose();
    });
    return socket;
  };
  const response = await crossFetch(input, { ...init, agent } as RequestInit);
  const body: unknown = response.body;
  onClose = () => {
    setTimeout(() => {
      if (body instanceof Readable && !body.readableEnded) body.destroy(Object.assign(new Error('the answer was cut off'), { code: 'ERR_STREAM_PREMATURE_CLOSE' })); // prettier-ignore
    }, grace).unref();
  };
  return response;
};
