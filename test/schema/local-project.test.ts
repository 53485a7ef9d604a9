import { describe, expect, it } from '@jest/globals';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatasaurExportError } from '../../src/errors/index.js';
import { localProject } from '../../src/schema/local-project.js';
import { projectFolders } from '../../src/schema/project-folders.js';
import { newFolder } from '../cli/run-cli.js';

/** A project of the given files. */
function folderWith(files: Record<string, string>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function failureWith(files: Record<string, string>): DatasaurExportError {
  const folder = folderWith(files);
  try {
    localProject(join(folder, 'schema'), join(folder, 'operations'));
  } catch (error) {
    if (DatasaurExportError.is(error)) return error;
    throw error;
  }
  throw new Error('it succeeded');
}

const schema = { 'schema/a.graphql': 'type Query {\n  a: Int\n}' };

describe('a project on the disk', () => {
  it('is all files of its folders, with fragments where they are needed', () => {
    const folder = folderWith({
      ...schema,
      'schema/deep/b.gql': 'extend type Query { b: Int }',
      'schema/notes.md': 'not GraphQL',
      'operations/b.graphql': 'query B { ...A b }',
      'operations/a.graphql': 'fragment A on Query { a } fragment Unused on Query { a }',
      'operations/later.graphql': '# nothing yet\n',
      'operations/node_modules/x/c.graphql': 'not GraphQL',
    });
    const project = localProject(join(folder, 'schema'), join(folder, 'operations'));
    expect(project.schemaFiles.map(({ path }) => path)).toEqual([
      join(folder, 'schema/a.graphql'),
      join(folder, 'schema/deep/b.gql'),
    ]);
    expect(project.operationFiles).toHaveLength(3);
    // What nothing uses, nobody sends.
    expect(project.operations.definitions).toHaveLength(2);
    expect(Object.keys(project.schema.getQueryType()?.getFields() ?? {})).toEqual(['a', 'b']);
  });

  it('passes over hidden files, as editors leave them', () => {
    const folder = folderWith({ ...schema, 'operations/a.graphql': '{ a }', 'operations/.a.graphql': '{' });
    symlinkSync('nobody@nowhere', join(folder, 'operations/.#a.graphql'));
    const { operationFiles } = localProject(join(folder, 'schema'), join(folder, 'operations'));
    expect(operationFiles.map(({ path }) => path)).toEqual([join(folder, 'operations/a.graphql')]);
  });

  it('names the file that cannot be read', () => {
    const folder = folderWith({ ...schema, 'operations/a.graphql': '{ a }' });
    symlinkSync('nowhere', join(folder, 'operations/b.graphql'));
    expect(() => localProject(join(folder, 'schema'), join(folder, 'operations'))).toThrow(
      /operations\/b\.graphql cannot be read \(ENOENT\)/,
    );
  });

  it('names files relative to where the command runs', () => {
    const { schemaFiles, operations } = localProject('schema', './operations/');
    expect(schemaFiles.map(({ name }) => name)).toContain('schema/export.graphql');
    expect(operations.definitions[0]?.loc?.source.name).toBe('operations/ExportTeamOverview.graphql');
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['no schema folder', { 'operations/a.graphql': '{ a }' }, /schema cannot be read \(ENOENT\)/],
    ['no operations folder', schema, /operations cannot be read \(ENOENT\)/],
    ['an empty schema', { 'schema/a.txt': '' }, /There are no \.graphql files in .*schema/],
    ['no operations', { ...schema, 'operations/a.graphql': 'fragment A on Query { a }' }, /There are no operations/],
    ['malformed operations', { ...schema, 'operations/a.graphql': 'query {\n a(' }, /operations\/a\.graphql:2:4: Syntax Error/],
    ['a malformed schema', { 'schema/a.graphql': 'type {' }, /schema\/a\.graphql:1:6: Syntax Error/],
    ['a schema with a type that is not there', { 'schema/a.graphql': 'type Query { a: B }' }, /Unknown type "B"/],
    ['an invalid schema', { 'schema/a.graphql': 'type Query {\n  a: B\n}\ntype B' }, /a\.graphql:4:1: Type B must define/],
    ['operations that do not fit the schema', { ...schema, 'operations/a.graphql': 'query A {\n  b\n}' }, /a\.graphql:2:3: Cannot query field "b"/],
    ['operations that are nested thousands deep', { ...schema, 'operations/a.graphql': `{${'a {'.repeat(3000)} a ${'}'.repeat(3001)}` }, /a\.graphql:1:\d+: .*nested more than 500 deep/],
    ['operations that are nested endlessly', { ...schema, 'operations/a.graphql': '{ a(b: ' + '['.repeat(100_000) }, /a\.graphql:1:\d+: .*nested more than 500 deep/],
    ['fragments that are nested endlessly', { ...schema, 'operations/a.graphql': `{ ...F0 } ${Array.from({ length: 20_000 }, (_, index) => `fragment F${index} on Query { ...F${index + 1} }`).join(' ')} fragment F20000 on Query { a }` }, /The operations are nested too deeply/],
    ['two operations of one name', { ...schema, 'operations/a.graphql': 'query A { a }', 'operations/b.graphql': 'query A { a }' }, /only one operation named "A"/],
  ])('with %s is OPERATIONS_INVALID', (_name, files, message) => {
    const { code, message: said } = failureWith(files);
    expect([code, said]).toEqual(['OPERATIONS_INVALID', expect.stringMatching(message)]);
  }); // prettier-ignore
});

it('is looked for where both folders are, or where it is told to be', () => {
  expect(projectFolders({})).toEqual({ schema: 'schema', operations: 'operations' });
  expect(projectFolders({ schema: 'x' })).toEqual({ schema: 'x', operations: 'operations' });
});
