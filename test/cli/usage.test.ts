import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { newFolder, runCli, startCli } from './run-cli.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ readyAfter: '300ms' });
});
afterAll(async () => sandbox.close());

describe('usage', () => {
  it.each([
    [[]],
    [['team-overview']],
    [['team-overview', '']],
    [['team-overview', '121', '--nonsense']],
    [['team-overview', '121', '--method', 'pigeon']],
    [['team-overview', '121', '--timeout', '5']],
    [['team-overview', '121', '--timeout', '0s']],
    [['team-overview', '121', '--webhook-url', 'https://h/x']],
    [['team-overview', '121', '--method', 'custom-webhook']],
    [['team-overview', '121', '--method', 'custom-webhook', '--webhook-url', 'ftp://h/x']],
    [['team-overview', '121', '122', '-o', 'one.zip']],
    [['team-overview', '121', '--base-url', 'http://datasaur.example']],
    [['team-overview', '121', '--base-url', 'ftp://datasaur.example', '--insecure-http']],
    [['team-overview', '121', '--base-url', 'nonsense']],
    [['sandbox', '--port', '70000']],
    [['sandbox', '--ready-after', 'soon']],
  ])('%j is refused with 2 before anything is requested', async (args) => {
    const before = sandbox.requests.length;
    const result = await runCli(args, { ...sandbox.environment }, newFolder());
    expect(result.status).toBe(2);
    expect(result.stdout).toBe('');
    expect(result.stderr).not.toBe('');
    expect(sandbox.requests).toHaveLength(before);
  });

  it.each([
    [{}, 'No credentials'],
    [{ DATASAUR_CLIENT_ID: 'id' }, 'DATASAUR_CLIENT_SECRET is not set'],
    [{ DATASAUR_CLIENT_SECRET: 'secret' }, 'DATASAUR_CLIENT_ID is not set'],
    [{ DATASAUR_ACCESS_TOKEN: '  ' }, 'No credentials'],
  ])('without credentials (%j): 4, with a JSON line for each team', async (env, text) => {
    const result = await runCli(['team-overview', '1', '2', '--json', '-o', './'], env, newFolder());
    expect(result.status).toBe(4);
    expect(result.stderr).toContain(text);
    expect(result.lines.map((line) => (JSON.parse(line) as { error: { code: string } }).error.code)).toEqual([
      'NO_CREDENTIALS',
      'NO_CREDENTIALS',
    ]);
  });

  it.each(['/proc/nothing/', '/dev/null/x/', 'file/x.zip', 'missing/x.zip', '/dev/null'])(
    'an output that cannot be written to (%s) is found before anything is requested',
    async (output) => {
      const cwd = newFolder();
      writeFileSync(join(cwd, 'file'), 'mine');
      const before = sandbox.requests.length;
      const args = ['team-overview', '121', '--overwrite', '-o', output];
      const result = await runCli(args, { ...sandbox.environment }, cwd);
      expect(result.stderr).toContain('error OUTPUT_UNUSABLE: ');
      expect(result.status).toBe(1);
      expect(sandbox.requests).toHaveLength(before);
      expect(readdirSync(cwd)).toEqual(['file']);
    },
  );

  it('--help starts with examples, and --version is the version, on stdout', async () => {
    const help = await runCli(['team-overview', '--help'], {}, newFolder());
    expect(help.stdout).toMatch(/^Examples:\n/);
    expect([help.status, help.stderr]).toEqual([0, '']);
    const version = await runCli(['--version'], {}, newFolder());
    const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(version).toMatchObject({ status: 0, stdout: `${expected}\n`, stderr: '' });
  });
});

describe('against the sandbox', () => {
  it('prints the path of the verified file, and with --quiet nothing else', async () => {
    const cwd = newFolder();
    const result = await runCli(['team-overview', '121', '--quiet'], { ...sandbox.environment }, cwd);
    expect(result).toMatchObject({
      status: 0,
      stderr: '',
      lines: [join(cwd, 'Team Overview - Team Alvin.zip')],
    });
    const bytes = await sandbox.archiveOf(sandbox.exports.at(-1)?.exportId ?? '');
    expect(readFileSync(result.lines[0] ?? '')).toEqual(bytes);
  });

  it('--method email downloads nothing', async () => {
    const result = await runCli(
      ['team-overview', '121', '--method', 'email', '--json'],
      { ...sandbox.environment },
      newFolder(),
    );
    expect(result.status).toBe(0);
    expect(JSON.parse(result.stdout)).toEqual({
      teamId: '121', exportId: sandbox.exports.at(-1)?.exportId, method: 'EMAIL',
      path: null, bytes: null, sha256: null, etag: null, verified: null,
    }); // prettier-ignore
  });

  it('the sandbox command prints the variables that point at it', async () => {
    const cwd = newFolder();
    const running = startCli(['sandbox', '--port', '0', '--ready-after', '100ms'], {}, cwd);
    await running.seen(/listening/);
    const url = /http:\/\/127\.0\.0\.1:\d+/;
    running.child.kill('SIGINT');
    const result = await running.result;
    const env: Record<string, string> = {};
    for (const line of result.lines) {
      const [, name = '', value = ''] = /^export (\w+)='(.*)'$/.exec(line) ?? [];
      env[name] = value;
    }
    expect(Object.keys(env)).toEqual(['DATASAUR_BASE_URL', 'DATASAUR_CLIENT_ID', 'DATASAUR_CLIENT_SECRET']);
    expect(env['DATASAUR_BASE_URL']).toMatch(url);
    expect(result.status).toBe(130);
  });
});
