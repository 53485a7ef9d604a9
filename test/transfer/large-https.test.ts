import { execFile, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { scratch } from './scratch.js';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const testWithOpenssl = hasOpenssl ? test : test.skip;
const reason = hasOpenssl ? '' : ' (skipped: there is no openssl to make a certificate)';

const bytes = randomBytes(40 * 1024 * 1024 + 77);
let room: Awaited<ReturnType<typeof scratch>>;

beforeEach(async () => {
  room = await scratch();
});

afterEach(async () => {
  await room.remove();
});

/** What a certificate authority is for one process only: Node reads it when it starts. */
const program = `
  import { download, waitUntilReady } from ${JSON.stringify(new URL('../../dist/src/index.js', import.meta.url).href)};
  const [url, to] = process.argv.slice(1);
  const file = await download(await waitUntilReady(url, { timeout: '20s' }), { to });
  console.log(JSON.stringify(file));`;

testWithOpenssl(
  `a large file over https comes whole, and from a host that is not trusted not at all${reason}`,
  async () => {
    const [key, certificate] = [join(room.path, 'key.pem'), join(room.path, 'certificate.pem')];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', certificate, ...names]); // prettier-ignore
    expect(made.status).toBe(0);
    const server = createServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
        const [first, last] = [Number(start), Math.min(Number(end), bytes.length - 1)];
        const headers = { etag: '"v1"', 'content-range': `bytes ${first}-${last}/${bytes.length}` };
        response.writeHead(206, { ...headers, 'content-length': last - first + 1 });
        response.end(bytes.subarray(first, last + 1));
      },
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin?X-Amz-Signature=s`;
      const run = async (env: NodeJS.ProcessEnv): Promise<{ stdout: string }> =>
        promisify(execFile)(process.execPath, ['--input-type=module', '-e', program, url, `${room.path}/`], {
          env,
        });
      const { stdout } = await run({ ...process.env, NODE_EXTRA_CA_CERTS: certificate });
      expect(JSON.parse(stdout)).toMatchObject({
        sha256: createHash('sha256').update(bytes).digest('hex'),
        verified: 'length + etag',
      });
      expect((await readFile(join(room.path, 'file.bin'))).equals(bytes)).toBe(true);
      await expect(run({ ...process.env, NODE_EXTRA_CA_CERTS: '' })).rejects.toMatchObject({
        stderr: expect.stringContaining('FILE_HOST_UNTRUSTED'),
      });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },
);
