import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { newFolder, runCli, type CliResult } from '../cli/run-cli.js';
import { freePort } from '../client/scripted-api.js';
import { introspection, liveSdl, schemaOf } from './projects.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ readyAfter: '1s' });
});
afterAll(async () => sandbox.close());

/** A folder with our schema and operations, and a live schema. */
function projectWith(live: string): string {
  const folder = newFolder();
  cpSync('schema', join(folder, 'schema'), { recursive: true });
  cpSync('operations', join(folder, 'operations'), { recursive: true });
  writeFileSync(join(folder, 'live.graphql'), live);
  return folder;
}

async function checkAgainst(...replacements: [string | RegExp, string][]): Promise<CliResult> {
  return runCli(['schema', 'check', '--from', 'live.graphql'], {}, projectWith(liveSdl(...replacements)));
}

async function accessToken(): Promise<string> {
  const { DATASAUR_CLIENT_ID: id, DATASAUR_CLIENT_SECRET: secret } = sandbox.environment;
  const body = `grant_type=client_credentials&client_id=${id}&client_secret=${secret}`;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await fetch(`${sandbox.url}/api/oauth/token`, { method: 'POST', headers, body });
  return ((await answer.json()) as { access_token: string }).access_token;
}

describe('schema check', () => {
  it('of a live API, with an OAuth client or a token: nothing changed, 0', async () => {
    const { DATASAUR_BASE_URL: base = '', ...client } = { ...sandbox.environment } as Record<string, string>;
    const name = new URL(base).host;
    const same = { status: 0, stdout: '', stderr: `Nothing that the operations use differs in the schema of ${name}.\n` };
    const token = { DATASAUR_ACCESS_TOKEN: await accessToken() };
    // Where a project has no schema of its own, the one that this package ships is compared.
    expect(await runCli(['schema', 'check'], { DATASAUR_BASE_URL: base, ...client }, newFolder())).toEqual({ ...same, lines: [] });
    expect(await runCli(['schema', 'check', '--base-url', base], token, newFolder())).toMatchObject(same);
    expect(await runCli(['schema', 'check', '--from', `${base}/graphql`, '--base-url', base], token, newFolder())).toMatchObject(same);
  }); // prettier-ignore

  it('of what became safe: it is listed, 0', async () => {
    const result = await checkAgainst(['fileUrl: String', 'fileUrl: String!']);
    expect(result).toMatchObject({ status: 0, lines: ["schema/export.graphql:41: safe: ExportRequestResult.fileUrl: Field 'ExportRequestResult.fileUrl' changed type from 'String' to 'String!'. (ExportTeamOverview)"] }); // prettier-ignore
    expect(result.stderr).toContain('0 breaking, 0 dangerous, 1 safe');
  });

  it('of an enum that grew: 3', async () => {
    const result = await checkAgainst(['  FILE_STORAGE\n', '  FILE_STORAGE\n  EXTERNAL_OBJECT_STORAGE\n']);
    expect(result.status).toBe(3);
    expect(result.lines).toEqual([expect.stringMatching(/^schema\/export\.graphql:22: dangerous: GqlExportMethod\.EXTERNAL_OBJECT_STORAGE: .*\(ExportTeamOverview\)$/)]); // prettier-ignore
  });

  it('of a schema without the export: 1, with a line for programs', async () => {
    const live = liveSdl([/ +exportTeamOverview\(.*\n/, '  other: Int\n']);
    const { status, lines } = await runCli(['schema', 'check', '--json', '--from', 'live.graphql'], {}, projectWith(live));
    expect(status).toBe(1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        severity: 'breaking',
        operations: ['ExportTeamOverview'],
        coordinate: 'Query.exportTeamOverview',
        message: "Field 'exportTeamOverview' was removed from object type 'Query'.",
        at: 'schema/export.graphql:8',
      },
    ]);
  }); // prettier-ignore

  it.each<[string, string[], Record<string, string>, number, string]>([
    ['no credentials', [], {}, 4, 'NO_CREDENTIALS'],
    ['half the credentials', [], { DATASAUR_CLIENT_ID: 'x' }, 4, 'NO_CREDENTIALS'],
    ['a wrong token', ['SANDBOX'], { DATASAUR_ACCESS_TOKEN: 'wrong-token' }, 4, 'AUTHENTICATION_FAILED'],
    ['a wrong OAuth client', ['SANDBOX'], { DATASAUR_CLIENT_ID: 'x', DATASAUR_CLIENT_SECRET: 'wrong-secret' }, 4, 'AUTHENTICATION_FAILED'],
    ['no network', ['NOBODY'], { DATASAUR_ACCESS_TOKEN: 'a-token' }, 1, 'API_UNREACHABLE'],
    ['plain http', ['--base-url', 'http://datasaur.example'], { DATASAUR_ACCESS_TOKEN: 'a-token' }, 2, 'BASE_URL_REFUSED'],
    ['plain http in --from', ['--from', 'http://datasaur.example/graphql'], {}, 2, 'INVALID_ARGUMENT'],
    ['an unknown flag', ['--nonsense'], {}, 2, 'INVALID_ARGUMENT'],
    ['too many arguments', ['live.graphql'], {}, 2, 'INVALID_ARGUMENT'],
    ['a file that is not there', ['--from', 'missing.json'], {}, 1, 'SCHEMA_UNAVAILABLE'],
    ['a folder', ['--from', 'schema'], {}, 1, 'SCHEMA_UNAVAILABLE'],
    ['a file that is no schema', ['--from', 'operations/GetAllTeams.graphql'], {}, 1, 'SCHEMA_INVALID'],
    ['our own files missing', ['--from', 'live.graphql', '--schema', 'nowhere'], {}, 1, 'OPERATIONS_INVALID'],
  ])('of %s is an error, with nothing on stdout', async (_name, args, env, status, code) => {
    const folder = projectWith(liveSdl());
    const base = { SANDBOX: sandbox.url, NOBODY: `http://127.0.0.1:${await freePort()}` };
    const given = args.flatMap((arg) => (arg in base ? ['--base-url', base[arg as keyof typeof base]] : [arg]));
    const result = await runCli(['schema', 'check', '--json', ...given], env, folder);
    expect([result.status, result.stdout]).toEqual([status, '']);
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: .*\\n +hint: `));
    expect(result.stderr).not.toMatch(/wrong-token|wrong-secret|a-token/);
    expect(readdirSync(folder).sort()).toEqual(['live.graphql', 'operations', 'schema']);
  }); // prettier-ignore

  it('does not count a fragment that no operation uses', async () => {
    const folder = projectWith(liveSdl(['  name: String!\n', '']));
    writeFileSync(
      join(folder, 'operations/GetAllTeams.graphql'),
      'query GetAllTeams { getAllTeams { ...Used } }',
    );
    writeFileSync(
      join(folder, 'operations/fragments.graphql'),
      'fragment Used on Team { ...Deep } fragment Deep on Team { id } fragment Unused on Team { name }',
    );
    const { status, stdout } = await runCli(['schema', 'check', '--from', 'live.graphql'], {}, folder);
    expect([status, stdout]).toEqual([0, '']);
  });

  it('of a file asks nobody, so the base URL does not matter', async () => {
    const args = ['schema', 'check', '--from', 'live.graphql', '--base-url', 'http://datasaur.example'];
    const { status, stderr } = await runCli(args, { DATASAUR_BASE_URL: 'nonsense' }, projectWith(liveSdl()));
    expect([status, stderr]).toEqual([0, expect.stringMatching(/^Nothing that the operations use/)]);
  });

  it('keeps to one line a difference, whatever a file is called', async () => {
    const folder = projectWith(liveSdl(['name: String!', 'name: Int']));
    renameSync(join(folder, 'schema/team.graphql'), join(folder, 'schema/te\nam\u001b[31m.graphql'));
    const result = await runCli(['schema', 'check', '--from', 'live.graphql'], {}, folder);
    expect(result.lines).toEqual([expect.stringMatching(/^schema\/te\\nam\\x1b\[31m\.graphql:9: breaking: Team\.name: /)]);
    writeFileSync(join(folder, 'operations/a\nb.graphql'), '{');
    const failed = await runCli(['schema', 'check', '--from', 'live.graphql'], {}, folder);
    expect(failed.stderr).toMatch(/^error OPERATIONS_INVALID: operations\/a\\nb\.graphql:1:2: .*\n +hint: .*\n$/);
    const missing = await runCli(['schema', 'check', '--from', 'x\ny.json'], {}, projectWith(''));
    expect(missing.stderr).toMatch(/^error SCHEMA_UNAVAILABLE: The schema file x\\ny\.json cannot .*\n +hint: .*\n$/);
  }); // prettier-ignore

  it('is in --help, and has a help of its own that starts with examples', async () => {
    expect((await runCli(['--help'], {}, newFolder())).stdout).toMatch(/^ +schema /m);
    expect((await runCli(['schema', '--help'], {}, newFolder())).stdout).toMatch(/^ +check /m);
    const own = await runCli(['schema', 'check', '--help'], {}, newFolder());
    expect([own.status, own.stderr]).toEqual([0, '']);
    expect(own.stdout).toMatch(/^Examples:\n[^]*Exit status:/);
    expect((await runCli(['schema'], {}, newFolder())).status).toBe(2);
  });
});

it('a schema of 1.5 MB and 600 types is checked in less than 2 s of CPU', async () => {
  const fields = Array.from({ length: 12 }, (_, index) => `"What field ${index} of it is." field${index}(id: ID!, filter: Filter): Int`);
  const types = Array.from({ length: 600 }, (_, index) => `"What type ${index} is."\ntype Type${index} { ${fields.join('\n')} next: Type${(index + 1) % 600} }`);
  const live = liveSdl([/$/, `\n${types.join('\n')}\ninput Filter { a: Int }\nextend type Query { type0: Type0 }`], ['name: String!', 'name: String']);
  const folder = projectWith('');
  const json = JSON.stringify({ data: introspection(schemaOf(live)) });
  expect(json.length).toBeGreaterThan(1_500_000);
  writeFileSync(join(folder, 'live.json'), json);
  writeFileSync(
    join(folder, 'hook.cjs'),
    `process.on('exit', () => require('node:fs').writeFileSync('cpu.json', JSON.stringify(process.cpuUsage())));`,
  );
  const args = ['--require', './hook.cjs', resolve('dist/cli.cjs'), 'schema', 'check', '--from', 'live.json'];
  const failure: unknown = await promisify(execFile)(process.execPath, args, { cwd: folder }).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 1, stdout: expect.stringContaining("breaking: Team.name") });
  const { user, system } = JSON.parse(readFileSync(join(folder, 'cpu.json'), 'utf8')) as NodeJS.CpuUsage;
  expect((user + system) / 1e6).toBeLessThan(2);
}); // prettier-ignore
