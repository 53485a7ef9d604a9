import { afterEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import {
  accessToken,
  clientSecret,
  FaultyDatasaur,
  json,
  signature,
  xmlError,
  type Faults,
} from './faulty-datasaur.js';
import { newFolder, runCli, startCli, type CliResult } from './run-cli.js';
import { zipOf } from './zip.js';

let faulty: FaultyDatasaur | null = null;

afterEach(async () => {
  await faulty?.close();
  faulty = null;
});

interface Run extends CliResult {
  server: FaultyDatasaur;
  cwd: string;
  left: string[];
}

async function run(
  faults: Faults,
  args: readonly string[] = ['121', '--timeout', '1s'],
  cwd = newFolder(),
): Promise<Run> {
  faulty = await FaultyDatasaur.start(faults);
  const result = await runCli(['team-overview', ...args], faulty.environment, cwd);
  // Whatever happened: no secret in what was printed.
  for (const secret of [accessToken, signature]) expect(result.stdout + result.stderr).not.toContain(secret);
  return { ...result, server: faulty, cwd, left: readdirSync(cwd) };
}

const html = (status: number) => (_operation: string, _attempt: number, response: ServerResponse) => {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>Log in</title>');
  return true;
};

/** Every failure has one code on stderr, nothing on stdout, and leaves nothing behind. */
describe('faults of the API', () => {
  const unauthorized = { errors: [{ message: 'Unauthorized', extensions: { type: 'AuthenticationError' } }] };
  const cases: [string, number, string, number, Faults['graphql']][] = [
    ['an HTML answer', 1, 'API_INVALID_RESPONSE', 1, html(200)],
    ['an HTML error', 1, 'API_INVALID_RESPONSE', 1, html(404)],
    ['an empty answer', 1, 'API_INVALID_RESPONSE', 1, (_o, _a, r) => (r.end(), true)],
    ['truncated JSON', 1, 'API_INVALID_RESPONSE', 1, (_o, _a, r) => (r.end('{"data":{"exp'), true)],
    ['a redirect', 1, 'API_REDIRECTED', 1, (_o, _a, r) => (r.writeHead(302, { location: '/login' }).end(), true)],
    ['HTTP 401', 4, 'AUTHENTICATION_FAILED', 1, (_o, _a, r) => (r.writeHead(401).end(), true)],
    ['Unauthorized with 200', 4, 'AUTHENTICATION_FAILED', 1, (_o, _a, r) => (json(r, 200, unauthorized), true)],
    ['HTTP 403', 4, 'PERMISSION_DENIED', 1, (_o, _a, r) => (r.writeHead(403).end(), true)],
    ['HTTP 429', 1, 'API_RATE_LIMITED', 1, (_o, _a, r) => (r.writeHead(429).end(), true)],
    ['HTTP 503', 1, 'API_HTTP_ERROR', 1, (_o, _a, r) => (r.writeHead(503).end(), true)],
    ['GraphQL errors', 1, 'GRAPHQL_ERROR', 1, (_o, _a, r) => (json(r, 200, { errors: [{ message: 'no such team' }] }), true)],
    ['a reset after reading', 1, 'EXPORT_MAY_HAVE_STARTED', 1, (_o, _a, _r, q) => (q.socket.resetAndDestroy(), true)],
    [
      'a body that is cut off', 1, 'EXPORT_MAY_HAVE_STARTED', 1,
      (_o, _a, r) => (r.writeHead(200, { 'content-length': 500 }).write('{"data":'), setTimeout(() => r.destroy(), 20), true),
    ],
  ]; // prettier-ignore
  it.each(cases)('%s: exit status %i, %s', async (_name, status, code, requests, graphql) => {
    const result = await run({ graphql });
    expect(result.stderr).toContain(`error ${code}: team 121: `);
    expect(result.status).toBe(status);
    expect(result.stdout).toBe('');
    expect(result.server.operations).toHaveLength(requests);
    expect(result.left).toEqual([]);
  });

  it.each([
    [null, 'FILE_URL_MISSING'],
    ['ftp://127.0.0.1/f.zip', 'FILE_URL_REFUSED'],
    ['http://files.example/f.zip', 'FILE_URL_REFUSED'],
    ['not a URL', 'FILE_URL_REFUSED'],
  ])('a fileUrl that is %p: %s', async (fileUrl, code) => {
    const result = await run({ fileUrl });
    expect(result.stderr).toContain(`error ${code}: `);
    expect(result.status).toBe(1);
    expect(result.server.ranges).toEqual([]);
  });

  it('renews an OAuth token once when it is refused, and then says that it is refused', async () => {
    faulty = await FaultyDatasaur.start({ graphql: (_o, _a, r) => (json(r, 200, unauthorized), true) });
    const env = {
      DATASAUR_BASE_URL: faulty.url,
      DATASAUR_CLIENT_ID: 'id',
      DATASAUR_CLIENT_SECRET: clientSecret,
    };
    const result = await runCli(['team-overview', '121'], env, newFolder());
    expect(result.status).toBe(4);
    expect([faulty.tokens, faulty.exportsStarted]).toEqual([2, 2]);
  });
});

describe('faults of the file host while waiting', () => {
  const answer = (status: number, headers = {}, body = '') => (_q: unknown, r: ServerResponse) =>
    (r.writeHead(status, headers).end(body), true); // prettier-ignore
  const cases: [string, number, string, Faults['file']][] = [
    ['404 to the end', 6, 'NOT_READY', (_q, r) => xmlError(r, 404, 'NoSuchKey')],
    ['bare 403 to the end', 6, 'NOT_READY', (_q, r) => xmlError(r, 403, 'AccessDenied', 'Access Denied')],
    ['503 to the end', 6, 'NOT_READY', (_q, r) => xmlError(r, 503, 'SlowDown')],
    ['silence to the end', 6, 'NOT_READY', () => true],
    ['an expired URL', 1, 'URL_EXPIRED', (_q, r) => xmlError(r, 403, 'AccessDenied', 'Request has expired')],
    ['a wrong signature', 1, 'URL_REJECTED', (_q, r) => xmlError(r, 403, 'SignatureDoesNotMatch')],
    ['a redirect', 1, 'FILE_REDIRECTED', answer(307, { location: 'http://127.0.0.1:1/' })],
    ['200', 1, 'RANGE_IGNORED', answer(200, { 'content-type': 'text/html' }, '<html>Log in</html>')],
    ['206 without a range', 1, 'INVALID_RANGE_RESPONSE', answer(206, {}, 'x')],
  ];
  it.each(cases)('%s: exit status %i, %s', async (_name, status, code, file) => {
    const result = await run({ file });
    expect(result.stderr).toContain(`error ${code}: team 121: `);
    expect(result.status).toBe(status);
    expect(result.stdout).toBe('');
    expect(result.server.exportsStarted).toBe(1);
    expect(result.left).toEqual([]);
    expect(result.server.fileHeaders.filter((headers) => 'authorization' in headers)).toEqual([]);
  });

  it('FAILED ends the wait at once', async () => {
    const errors = [{ id: 'job-1', stack: 'Error: out of memory\n  at x' }];
    const result = await run(
      {
        file: (_q, r) => xmlError(r, 404, 'NoSuchKey'),
        graphql: (operation, _a, r) => {
          if (operation !== 'GetExportDeliveryStatus') return false;
          json(r, 200, { data: { getExportDeliveryStatus: { deliveryStatus: 'FAILED', errors } } });
          return true;
        },
      },
      ['121', '--timeout', '10m'],
    );
    expect(result.status).toBe(5);
    expect(result.stderr).toContain('job-1: Error: out of memory');
  });

  it('FAILED is noticed also while the file host is silent', async () => {
    const result = await run(
      {
        file: () => true,
        graphql: (operation, _a, r) => {
          if (operation !== 'GetExportDeliveryStatus') return false;
          json(r, 200, { data: { getExportDeliveryStatus: { deliveryStatus: 'FAILED', errors: [] } } });
          return true;
        },
      },
      ['121', '--timeout', '4s'],
    );
    expect(result.status).toBe(5);
    expect(result.stderr).toContain('the export failed: it gave no reason.');
  });

  const statusFaults: [string, Faults['graphql']][] = [
    ['hangs', () => true],
    ['fails', (_o, _a, r) => (r.writeHead(500).end(), true)],
    ['is not supported', (_o, _a, r) => (json(r, 400, { errors: [{ message: 'Cannot query field' }] }), true)],
    ['gives a status from the future', (_o, _a, r) =>
      (json(r, 200, { data: { getExportDeliveryStatus: { deliveryStatus: 'PAUSED', errors: [] } } }), true)],
  ]; // prettier-ignore
  it.each(statusFaults)('a status query that %s loses no file', async (_name, graphql) => {
    const bytes = await zipOf(1000);
    const result = await run(
      {
        bytes,
        file: (_q, r, attempt) => attempt < 4 && xmlError(r, 404, 'NoSuchKey'),
        graphql: (operation, ...rest) =>
          operation === 'GetExportDeliveryStatus' && graphql?.(operation, ...rest) === true,
      },
      ['121', '--timeout', '20s'],
    );
    expect(result.status).toBe(0);
    expect(readFileSync(result.lines[0] ?? '')).toEqual(bytes);
  });
});

describe('faults in the middle of a download', () => {
  it('continues a body that is dropped again and again, each byte served about once', async () => {
    const bytes = await zipOf(400_000);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const result = await run({
      bytes,
      file: (q, r) => {
        const start = Number(/\d+/.exec(q.headers.range ?? '')?.[0]);
        const end = bytes.length - 1;
        r.writeHead(206, {
          etag,
          'content-range': `bytes ${start}-${end}/${bytes.length}`,
          'content-length': end - start + 1,
        });
        r.write(bytes.subarray(start, start + 90_000), () => setTimeout(() => r.destroy(), 20));
        if (start + 90_000 > end) r.end();
        return true;
      },
    });
    expect(result.stderr).toContain('length + etag + zip-crc');
    expect(result.status).toBe(0);
    expect(readFileSync(result.lines[0] ?? '')).toEqual(bytes);
    expect(result.server.ranges).toHaveLength(5);
    expect(result.server.ranges.slice(1).map((range) => range.split('-')[0])).toEqual(
      [90_000, 180_000, 270_000, 360_000].map((start) => `bytes=${start}`),
    );
    expect(result.left).toEqual(['Team Overview - 121.zip']);
  });

  const replacements: [string, NonNullable<Faults['file']>][] = [
    ['412', (_q, r) => xmlError(r, 412, 'PreconditionFailed')],
    [
      'another ETag',
      (_q, r) => {
        r.writeHead(206, { etag: '"other"', 'content-range': 'bytes 300-309/1117' }).end('0123456789');
        return true;
      },
    ],
  ];
  it.each(replacements)('a file that was replaced meanwhile (%s) is not mixed: 8', async (_name, file) => {
    const bytes = await zipOf(1000);
    const result = await run({
      bytes,
      file: (q, r, attempt) => {
        if (attempt > 1) return file(q, r, attempt);
        const size = bytes.length;
        r.writeHead(206, {
          etag: '"v1"',
          'content-range': `bytes 0-${size - 1}/${size}`,
          'content-length': size,
        });
        r.write(bytes.subarray(0, 300), () => setTimeout(() => r.destroy(), 20));
        return true;
      },
    });
    expect(result.stderr).toContain('error OBJECT_CHANGED: ');
    expect(result.status).toBe(8);
    expect(result.left).toEqual([]);
  });

  it('a damaged archive is not the file, and does not replace the one that is there', async () => {
    const bytes = await zipOf(1000);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    const cwd = newFolder();
    writeFileSync(join(cwd, 'Team Overview - 121.zip'), 'the good one');
    const result = await run({ bytes }, ['121', '--overwrite'], cwd);
    expect(result.stderr).toContain('error ARCHIVE_INVALID: ');
    expect(result.status).toBe(8);
    expect(result.left).toEqual(['Team Overview - 121.zip']);
    expect(readFileSync(join(cwd, 'Team Overview - 121.zip'), 'utf8')).toBe('the good one');
  });

  it('an empty object is no archive, but an empty file', async () => {
    const file: Faults['file'] = (_q, r) => (r.writeHead(416, { 'content-range': 'bytes */0' }).end(), true);
    const archive = await run({ file });
    expect([archive.status, archive.left]).toEqual([8, []]);
    await archive.server.close();
    const table = await run({ file, fileName: () => 'overview.csv' });
    expect([table.status, table.left]).toEqual([0, ['overview.csv']]);
  });

  it('continues after kill -9 where it stood, with another URL to the same object', async () => {
    const bytes = await zipOf(3_000_000);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const cwd = newFolder();
    faulty = await FaultyDatasaur.start({
      bytes,
      file: (_q, r, attempt) => {
        if (attempt !== 1) return false;
        r.writeHead(206, {
          etag,
          'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}`,
          'content-length': bytes.length,
        });
        r.write(bytes.subarray(0, 2_000_000));
        return true;
      },
    });
    const first = startCli(['team-overview', '121'], faulty.environment, cwd);
    await until(() => sizeOf(join(cwd, 'Team Overview - 121.zip.datasaur-partial')) === 2_000_000);
    first.child.kill('SIGKILL');
    await first.result;
    const second = await runCli(['team-overview', '121'], faulty.environment, cwd);
    expect(second.status).toBe(0);
    // What is there already is not asked for again.
    expect(faulty.ranges.slice(1)).toEqual(['bytes=0-0', `bytes=2000000-${bytes.length - 1}`]);
    expect(readFileSync(second.lines[0] ?? '')).toEqual(bytes);
    expect(readdirSync(cwd)).toEqual(['Team Overview - 121.zip']);
  });
});

describe('interruption', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as [NodeJS.Signals, number][])(
    '%s while waiting: exit status %i, and nothing is left',
    async (signal, status) => {
      const cwd = newFolder();
      faulty = await FaultyDatasaur.start({ file: (_q, r) => xmlError(r, 404, 'NoSuchKey') });
      const running = startCli(['team-overview', '121', '--json', '-o', 'new/'], faulty.environment, cwd);
      await running.seen(/waiting/);
      running.child.kill(signal);
      const result = await running.result;
      expect(result.status).toBe(status);
      expect(JSON.parse(result.lines[0] ?? '')).toMatchObject({ teamId: '121', error: { code: 'ABORTED' } });
      expect(readdirSync(cwd)).toEqual([]);
    },
  );

  it('SIGHUP during the download: 129, and the next run continues where it stood', async () => {
    const bytes = await zipOf(300_000);
    const etag = `"${createHash('md5').update(bytes).digest('hex')}"`;
    const cwd = newFolder();
    const partial = join(cwd, 'Team Overview - 121.zip.datasaur-partial');
    let stalls = true;
    faulty = await FaultyDatasaur.start({
      bytes,
      file: (_q, r) => {
        if (!stalls) return false;
        const range = `bytes 0-${bytes.length - 1}/${bytes.length}`;
        r.writeHead(206, { etag, 'content-range': range, 'content-length': bytes.length });
        r.write(bytes.subarray(0, 200_000));
        return true;
      },
    });
    const running = startCli(['team-overview', '121'], faulty.environment, cwd);
    await until(() => sizeOf(partial) === 200_000);
    running.child.kill('SIGHUP');
    expect((await running.result).status).toBe(129);
    expect(sizeOf(partial)).toBe(200_000);
    stalls = false;
    const second = await runCli(['team-overview', '121'], faulty.environment, cwd);
    expect(second.status).toBe(0);
    expect(faulty.ranges.at(-1)).toBe(`bytes=200000-${bytes.length - 1}`);
  });

  it.each([
    ['the token', 'Nothing was started.'],
    ['the export', 'An export may have been started.'],
  ])('SIGINT while %s is requested says: %s', async (what, hint) => {
    const server = await FaultyDatasaur.start({ silentTokens: what === 'the token', graphql: () => true });
    faulty = server;
    const env = {
      DATASAUR_BASE_URL: server.url,
      DATASAUR_CLIENT_ID: 'id',
      DATASAUR_CLIENT_SECRET: clientSecret,
    };
    const running = startCli(['team-overview', '121'], env, newFolder());
    await until(() => (what === 'the token' ? server.tokens : server.exportsStarted) === 1);
    running.child.kill('SIGINT');
    const result = await running.result;
    expect(result.status).toBe(130);
    expect(result.stderr).toContain('error ABORTED: team 121: Aborted while the export was being requested.');
    expect(result.stderr).toContain(`hint: ${hint}\n`);
  });
});

describe('several teams', () => {
  it('a name that two files bear is told apart by team id, in the order of the arguments', async () => {
    const bytes = await zipOf(100);
    const result = await run({ bytes, fileName: () => 'Same.zip' }, ['7', '5', '7', '-o', 'out/']);
    expect(result.status).toBe(0);
    expect(result.server.exportsStarted).toBe(2);
    expect(readdirSync(join(result.cwd, 'out')).sort()).toEqual(['Same (5).zip', 'Same.zip']);
  });

  it('one that fails takes no folder away that was created for all', async () => {
    const bytes = await zipOf(100);
    let missed = 0;
    const file: Faults['file'] = (q, r) => {
      if (q.url?.includes('/6/') === true) return xmlError(r, 403, 'InvalidAccessKeyId');
      missed += 1;
      return missed < 5 && xmlError(r, 404, 'NoSuchKey');
    };
    const result = await run({ bytes, file }, ['5', '6', '-o', 'new/']);
    expect(result.status).toBe(7);
    expect(result.lines).toEqual([join(result.cwd, 'new', 'Team Overview - 5.zip')]);
    expect(readdirSync(join(result.cwd, 'new'))).toEqual(['Team Overview - 5.zip']);
  });

  it('twenty at once are no reason for warnings', async () => {
    const teams = Array.from({ length: 20 }, (_, index) => String(index + 1));
    const result = await run({ bytes: await zipOf(100) }, [...teams, '--quiet']);
    expect(result).toMatchObject({ status: 0, stderr: '' });
    expect(result.left).toHaveLength(20);
  });

  it('one that fails stops no other: 7, and a JSON line for each', async () => {
    const bytes = await zipOf(100);
    const file: Faults['file'] = (q, r) =>
      q.url?.includes('/6/') === true && xmlError(r, 403, 'InvalidAccessKeyId');
    const result = await run({ bytes, file }, ['5', '6', '--json', '-o', './']);
    expect(result.status).toBe(7);
    const records = result.lines.map((line) => JSON.parse(line) as { teamId: string });
    expect(records.find(({ teamId }) => teamId === '6')).toEqual({
      teamId: '6',
      error: { code: 'URL_REJECTED', message: expect.any(String) },
    });
    const done = records.find(({ teamId }) => teamId === '5') ?? {};
    expect(Object.keys(done)).toEqual([
      'teamId',
      'exportId',
      'method',
      'path',
      'bytes',
      'sha256',
      'etag',
      'verified',
    ]);
    expect(done).toMatchObject({
      method: 'FILE_STORAGE',
      bytes: bytes.length,
      verified: 'length + etag + zip-crc + md5',
    });
  });
});

describe('secrets', () => {
  it('never leave, whatever the server echoes', async () => {
    const echo = `token ${accessToken} secret ${clientSecret} https://h/f?X-Amz-Signature=${signature} sig ${signature}`;
    const outputs: string[] = [];
    for (const graphql of [
      (_o: string, _a: number, r: ServerResponse) => (json(r, 200, { errors: [{ message: echo }] }), true),
      (_o: string, _a: number, r: ServerResponse) => (json(r, 400, { errors: [{ message: echo }] }), true),
      (_o: string, _a: number, r: ServerResponse) => (r.writeHead(404).end(echo), true),
      (_o: string, _a: number, r: ServerResponse) => (
        json(r, 401, { errors: [{ message: `Unauthorized ${echo}` }] }),
        true
      ),
    ]) {
      const result = await run({ graphql }, ['121', '--json']);
      expect(result.status).not.toBe(0);
      outputs.push(result.stdout, result.stderr);
      await result.server.close();
    }
    const failing = await run({ file: (_q, r) => xmlError(r, 403, 'SignatureDoesNotMatch', echo) });
    outputs.push(failing.stdout, failing.stderr);
    const all = outputs.join('\n');
    expect(all).toContain('[redacted]');
    for (const secret of [accessToken, signature]) expect(all).not.toContain(secret);
  });

  it('nor does the secret of a webhook, or an exportId that is none', async () => {
    faulty = await FaultyDatasaur.start({
      graphql: (_o, _a, r) => (json(r, 200, { errors: [{ message: 'bad secret wh-5e4d3c2b1a' }] }), true),
    });
    const env = { ...faulty.environment, DATASAUR_WEBHOOK_SECRET: 'wh-5e4d3c2b1a' };
    const args = ['team-overview', '1', '--method', 'custom-webhook', '--webhook-url', 'https://h/hook'];
    const webhook = await runCli(args, env, newFolder());
    expect(webhook.stderr).toContain('bad secret [redacted]');
    await faulty.close();
    const exportId = `Ex\u001b[31m\nport ${accessToken}`;
    const forged = await run({
      graphql: (_o, _a, r) => (
        json(r, 200, { data: { exportTeamOverview: { exportId, fileUrl: null } } }),
        true
      ),
    });
    expect(forged.stderr).toContain('error API_INVALID_RESPONSE: ');
    expect(forged.stderr).not.toContain(accessToken);
  });
});

describe('existing files', () => {
  it('are found before anything is requested when --output names a file', async () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'a.zip'), 'mine');
    const result = await run({ bytes: await zipOf(10) }, ['121', '-o', 'a.zip'], cwd);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('error FILE_EXISTS: ');
    expect(result.server.operations).toEqual([]);
    expect(readFileSync(join(cwd, 'a.zip'), 'utf8')).toBe('mine');
  });

  it('are found before the first byte is fetched in a directory, and replaced with --overwrite', async () => {
    const cwd = newFolder();
    mkdirSync(join(cwd, 'out'));
    const path = join(cwd, 'out', 'Team Overview - 121.zip');
    writeFileSync(path, 'mine');
    const bytes = await zipOf(10);
    const refused = await run({ bytes }, ['121', '-o', 'out'], cwd);
    expect([refused.status, refused.server.ranges]).toEqual([1, []]);
    expect(readFileSync(path, 'utf8')).toBe('mine');
    await refused.server.close();
    const replaced = await run({ bytes }, ['121', '-o', 'out', '--overwrite'], cwd);
    expect(replaced.lines).toEqual([path]);
    expect(readFileSync(path)).toEqual(bytes);
  });
});

function sizeOf(path: string): number {
  try {
    return readFileSync(path).length;
  } catch {
    return -1;
  }
}

async function until(condition: () => boolean): Promise<void> {
  for (let round = 0; round < 500 && !condition(); round += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
