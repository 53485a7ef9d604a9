// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { atExit, end } from './teardown.mjs';

/** What one connection gets where the host is capped, in bytes a second. */
export const cap = 20_000_000;

/**
 * @typedef {object} FileHost
 * @property {(file: string, scheme: 'http' | 'https', capped: boolean) => string} url a presigned-looking URL
 * @property {() => Promise<void>} stop
 */

/**
 * Starts nginx on loopback.
 *
 * @param {object} options
 * @param {string} options.nginx path of the program
 * @param {string} options.folder for what it needs itself
 * @param {string} options.objects the folder that it serves
 * @param {{ certificate: string, key: string }} options.certificates
 * @returns {Promise<FileHost>}
 */
export async function startFileHost({ nginx, folder, objects, certificates }) {
  const ports = { http: await freePort(), https: await freePort() };
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configuration(folder, objects, ports, certificates));
  const log = join(folder, 'error.log');
  const child = spawn(nginx, ['-p', folder, '-c', config, '-e', log], { stdio: 'ignore' });
  const exited = once(child, 'exit');
  atExit(() => {
    // Its quick way to stop, in which it ends its workers too.
    if (child.pid !== undefined) end(child.pid, 'SIGTERM');
  });
  for (let attempt = 0; !(await answers(ports.https)); attempt += 1) {
    if (attempt === 100 || child.exitCode !== null) {
      throw new Error(
        `nginx did not start: ${existsSync(log) ? readFileSync(log, 'utf8') : 'it is too old'}`,
      );
    }
    await delay(50);
  }
  return {
    url: (file, scheme, capped) =>
      `${scheme}://127.0.0.1:${ports[scheme]}${capped ? '/capped' : ''}/bucket/${file}?${query()}`,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/**
 * nginx counts what it hands over, and lets the end of each answer go uncounted: up to 2 MiB with the default
 * `sendfile_max_chunk`, which would be a present to whoever asks for small ranges.
 *
 * @param {string} folder
 * @param {string} objects
 * @param {{ http: number, https: number }} ports
 * @param {{ certificate: string, key: string }} certificates
 */
function configuration(folder, objects, ports, { certificate, key }) {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
pid ${folder}/nginx.pid;
worker_processes auto;
${process.getuid?.() === 0 ? `user ${userInfo().username};` : ''}
events { worker_connections 1024; }
http {
  access_log off;
  ${temporary.map((what) => `${what}_temp_path ${folder}/${what};`).join('\n  ')}
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  default_type application/zip;
  server {
    listen 127.0.0.1:${ports.http};
    listen 127.0.0.1:${ports.https} ssl;
    ssl_certificate ${certificate};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.2 TLSv1.3;
    location /bucket/ { alias "${objects}/"; }
    location /capped/bucket/ {
      alias "${objects}/";
      limit_rate ${cap};
      sendfile_max_chunk 64k;
    }
  }
}
`;
}

/** As S3 signs, good for six hours; nobody checks the signature here. */
function query() {
  const now = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return new URLSearchParams({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIAIOSFODNN7EXAMPLE/${now.slice(0, 8)}/us-east-1/s3/aws4_request`,
    'X-Amz-Date': now,
    'X-Amz-Expires': '21600',
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '315b6f89304f57ff47afdf388be5449f592b5be635d6d86e39a126a3ca6d3631',
  }).toString();
}

/** @returns {Promise<number>} */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** @param {number} port @returns {Promise<boolean>} */
async function answers(port) {
  const socket = createConnection(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
