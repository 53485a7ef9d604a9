import { afterAll, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSchema, parse } from 'graphql';
import { codeGeneratorIn, generate } from '../../src/schema/code-generator.js';
import { pullPlan } from '../../src/schema/pull-plan.js';
import { newFolder } from '../cli/run-cli.js';

const created: string[] = [];
afterAll(() => {
  for (const folder of created) rmSync(folder, { recursive: true, force: true });
});

function project(files: Record<string, string>, script: string | null = 'exit 0'): string {
  const folder = newFolder();
  created.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  if (script !== null) {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    const program = join(folder, 'node_modules/.bin/graphql-codegen');
    writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  return folder;
}

it.each([
  ['codegen.yml', '', true],
  ['codegen.ts', '', true],
  ['.codegenrc.json', '{}', true],
  ['package.json', '{"codegen":{}}', true],
  ['.graphqlrc.yml', 'schema: a\nextensions:\n  codegen: {}\n', true],
  ['.graphqlrc.yml', 'schema: a\ndocuments: b\n', false],
  ['graphql.config.js', 'export default { schema: "a" };', false],
  ['codegen.mjs', '', false],
  ['package.json', '{}', false],
])('%s with %j sets the generator up: %s', (name, text, setUp) => {
  expect(codeGeneratorIn(project({ [name]: text })) !== null).toBe(setUp);
});

it('set up, but not installed, is found before anything is written', () => {
  expect(() => codeGeneratorIn(project({ 'codegen.yml': '' }, null))).toThrow(
    expect.objectContaining({ code: 'CODEGEN_FAILED' }),
  );
});

it('a token that the generator prints is not shown', async () => {
  const generator = codeGeneratorIn(
    project({ 'codegen.yml': '' }, 'echo "with $DATASAUR_ACCESS_TOKEN"; exit 1'),
  )!;
  process.env['DATASAUR_ACCESS_TOKEN'] = 'a-token-of-ours';
  try {
    await expect(generate(generator)).rejects.toMatchObject({
      code: 'CODEGEN_FAILED',
      message: 'graphql-codegen ended with 1: with [redacted]',
    });
  } finally {
    delete process.env['DATASAUR_ACCESS_TOKEN'];
  }
});

it('what was wrong with the own schema before is not blamed on the live one', () => {
  const files = [{ path: 'schema/a.graphql', text: 'type Query { a: Int @what }\n' }];
  const live = { name: 'live.graphql', schema: buildSchema('type Query { a: Int }') };
  expect(() => pullPlan(files, parse('query Q { a }'), live as never, 'schema/schema.graphql')).toThrow(
    expect.objectContaining({ code: 'OPERATIONS_INVALID' }),
  );
});
