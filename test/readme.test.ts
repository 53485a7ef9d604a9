import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import ts from 'typescript';
import { startSandbox, type Sandbox } from '../src/sandbox/index.js';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const blocksOf = (language: string): string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  );

async function withSandbox<T>(
  use: (sandbox: Sandbox, folder: string, env: Record<string, string>) => Promise<T>,
): Promise<T> {
  const sandbox = await startSandbox({ readyAfter: '200ms' });
  // Inside the repository, so that the package finds itself by its name, as an installed one is found.
  mkdirSync('.tmp', { recursive: true });
  const folder = mkdtempSync(resolve('.tmp', 'readme-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    ...sandbox.environment,
    DATASAUR_ACCESS_TOKEN: sandbox.accessToken,
  };
  try {
    return await use(sandbox, folder, env);
  } finally {
    await sandbox.close();
  }
}

it('has the blocks that are run below', () => {
  expect([blocksOf('sh').length, blocksOf('bash').length, blocksOf('ts').length]).toEqual([1, 1, 3]);
});

it('names commands that exist', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  expect(blocksOf('sh')[0]).toBe('npm ci && npm run demo\nnpm ci && npm test\n');
  expect(scripts).toMatchObject({ demo: expect.any(String), test: expect.any(String) });
});

it('the commands work', async () => {
  await withSandbox(async (_sandbox, folder, env) => {
    const commands = blocksOf('bash')[0]?.replace(/^export .*$/m, '') ?? '';
    const aliased = commands.replaceAll(
      'datasaur-export ',
      `"${process.execPath}" "${resolve('dist/cli.cjs')}" `,
    );
    await run('bash', ['-euc', aliased], { cwd: folder, env });
    expect(readdirSync(join(folder, 'exports'))).toEqual(['Team Overview - Team Alvin.zip']);
  });
});

it.each(blocksOf('ts').map((code, index) => [index + 1, code] as const))(
  'TypeScript block %i works',
  async (_index, code) => {
    await withSandbox(async (_sandbox, folder, env) => {
      const { outputText } = ts.transpileModule(code, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
      });
      const file = join(folder, 'block.mjs');
      writeFileSync(file, outputText);
      const { stdout } = await run(process.execPath, [file], { cwd: folder, env });
      expect(stdout).toMatch(/Team Alvin\.zip|127\.0\.0\.1/);
    });
  },
);
