import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { startSandbox } from 'datasaur-export/sandbox';

const host = '127.0.0.1';
const pageServer = fileURLToPath(new URL('page-server.mjs', import.meta.url));

/**
 * @typedef {object} DashboardOptions
 * @property {number} [port] Preferred; another one if it is taken. Default: any.
 * @property {import('datasaur-export/sandbox').SandboxOptions} [sandbox]
 * @property {string} [accessToken] What the API is asked with. Default: what the sandbox accepts.
 * @property {string} [built] The folder of a `vite build` to serve. Default: the sources, by Vite's development server.
 */

/**
 * Starts the page with a sandbox behind it. The API is on the page's own origin, through a proxy that adds the token,
 * so that the page never has it; the files are on another origin, as with the real one.
 *
 * @param {DashboardOptions} [options]
 */
export async function startDashboard({ port: preferred = 0, sandbox: account, accessToken, built } = {}) {
  const port = await freePort(preferred);
  const allowedOrigins = [`http://${host}:${port}`, `http://localhost:${port}`];
  const sandbox = await startSandbox({ ...account, allowedOrigins });
  const headers = { Authorization: `Bearer ${accessToken ?? sandbox.accessToken}` };
  const proxy = { '/graphql': { target: sandbox.url, headers } };
  const page = fork(pageServer);
  const ended = once(page, 'exit');
  const close = async () => {
    // The page first, so that it is not told of an API that is gone.
    if (page.connected) page.disconnect();
    await ended;
    await sandbox.close();
  };
  try {
    page.send({ built, host, port, strictPort: true, proxy });
    const [answer] = await Promise.race([once(page, 'message'), ended]);
    if (answer?.listening !== true)
      throw new Error(`The page could not be served: ${answer?.failed ?? 'Vite ended'}`);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: `http://${host}:${port}/`, sandbox, close };
}

/** The sandbox has to know the page's origin, and the page the sandbox's: one of them is known before it listens. */
async function freePort(preferred) {
  const probe = createServer().listen(preferred, host);
  try {
    await once(probe, 'listening');
  } catch (error) {
    if (error.code !== 'EADDRINUSE') throw error;
    return freePort(0);
  }
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}
