import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { startSandbox, type Sandbox } from '../../src/sandbox/index.js';
import { runCli } from '../cli/run-cli.js';
import { startLargerDatasaur } from './own-operations-api.js';

const example = 'examples/own-operations';
const textsIn = (folder: string) =>
  Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]));

let sandbox: Sandbox;
let api: { url: string; close: () => void };
let folder: string;
beforeAll(async () => {
  sandbox = await startSandbox({ readyAfter: '100ms' });
  api = await startLargerDatasaur(sandbox);
  // In the repository, where the packages are installed; as deep in it as the example.
  mkdirSync('.tmp', { recursive: true });
  folder = mkdtempSync(resolve('.tmp', 'own-operations-'));
  for (const name of ['operations', 'codegen.yml', 'service.ts'])
    cpSync(join(example, name), join(folder, name), { recursive: true });
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  api.close();
  await sandbox.close();
});

it('a pull makes the schema and what is generated, as they are in the example', async () => {
  const env = { DATASAUR_BASE_URL: api.url, DATASAUR_ACCESS_TOKEN: sandbox.accessToken };
  const { status, stderr } = await runCli(['schema', 'pull'], env, folder);
  expect([status, stderr]).toEqual([0, expect.stringContaining('graphql-codegen has run')]);
  expect(textsIn(join(folder, 'schema'))).toEqual(textsIn(join(example, 'schema')));
  expect(textsIn(join(folder, 'generated'))).toEqual(textsIn(join(example, 'generated')));
  expect(await runCli(['schema', 'check'], env, folder)).toMatchObject({ status: 0, stdout: '' });
});

it('the service asks its own question and exports, with one client', async () => {
  for (const name of ['service.ts', 'generated/documents.ts']) {
    const { outputText } = ts.transpileModule(readFileSync(join(example, name), 'utf8'), {
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    mkdirSync(join(folder, 'generated'), { recursive: true });
    writeFileSync(join(folder, name.replace('.ts', '.js')), outputText);
  }
  writeFileSync(
    join(folder, 'main.js'),
    `import { createService } from './service.js';
    const { teamLogos, datasaur } = createService(process.env.URL, process.env.TOKEN);
    const [team] = await teamLogos();
    const file = await datasaur.downloadTeamOverview({ teamId: team.id }, { to: './exports/' });
    console.log(JSON.stringify({ team, verified: file.verified }));`,
  );
  const env = { PATH: process.env['PATH'], URL: api.url, TOKEN: sandbox.accessToken };
  const { stdout } = await promisify(execFile)(process.execPath, ['main.js'], { cwd: folder, env });
  expect(JSON.parse(stdout)).toEqual({
    team: { __typename: 'Team', id: '121', name: 'Team Alvin', logoURL: 'https://logos.example/121.png' },
    verified: expect.stringContaining('zip-crc'),
  });
  expect(readdirSync(join(folder, 'exports'))).toEqual(['Team Overview - Team Alvin.zip']);
});

it('the recipe shows the files as they are', () => {
  const recipe = readFileSync('docs/own-operations.md', 'utf8');
  for (const name of ['operations/TeamLogos.graphql', 'schema/schema.graphql', 'codegen.yml', 'service.ts'])
    expect(recipe).toContain(readFileSync(join(example, name), 'utf8').trim());
});
