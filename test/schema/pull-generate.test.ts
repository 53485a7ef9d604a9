import { expect, it } from '@jest/globals';
import { plugin as documentNodes } from '@graphql-codegen/typed-document-node';
import { plugin as operationTypes } from '@graphql-codegen/typescript-operations';
import { buildSchema } from 'graphql';
import { plugin as typedHooks } from '../../codegen/typed-hooks.mjs';
import { check } from '../../src/schema/check.js';
import { errorsOf } from '../codegen/checked-source.js';
import { ours, pulled } from './pulled.js';

const config = {
  ...{ documentMode: 'documentNode', useTypeImports: true, skipTypename: true, enumType: 'string-literal' },
  documentsFrom: './documents.js',
};

/** What the generator writes for our operations and a schema. */
async function generated(sdl: string): Promise<Record<string, string>> {
  const schema = buildSchema(sdl);
  const documents = [{ location: 'operations.graphql', document: ours.operations }];
  const info = { outputFile: 'documents.ts' };
  const outputs = [
    await operationTypes(schema, documents, config as never, info),
    await documentNodes(schema, documents, config as never, info),
  ].map((output) => (typeof output === 'string' ? { content: output } : output));
  const { prepend, content } = typedHooks(schema, documents, config as never);
  return {
    'documents.ts': [
      ...outputs.flatMap((one) => one.prepend ?? []),
      ...outputs.map((one) => one.content),
    ].join('\n'),
    'hooks.ts': [...prepend, content].join('\n'),
  };
}

/** What a service does with the types. */
const service = `
  import type { ExportTeamOverviewQuery, ExportTeamOverviewQueryVariables, GetAllTeamsQuery, GqlExportMethod } from './documents.js';
  import { useExportTeamOverviewLazyQuery, useGetAllTeamsQuery } from './hooks.js';
  export const variables: ExportTeamOverviewQueryVariables = { input: { teamId: '121', method: 'FILE_STORAGE' } };
  export const url = (data: ExportTeamOverviewQuery): string | null => data.exportTeamOverview.fileUrl ?? null;
  export const names = (data: GetAllTeamsQuery): string[] => data.getAllTeams.map(({ name }) => name);
  export const methods: GqlExportMethod[] = ['EMAIL', 'DOWNLOAD'];
  export const hooks = [useExportTeamOverviewLazyQuery, useGetAllTeamsQuery];
`;

const live = (from: string | RegExp, to: string): string => {
  const changed = ours.sdl.replace(from, to);
  expect(changed).not.toBe(ours.sdl);
  return changed.replace(/ @sideEffects$/m, '');
};

it.each<{ what: string; sdl: string; line: string; files?: number }>([
  {
    what: 'a field became deprecated',
    sdl: live('fileUrlExpiredAt: String', 'fileUrlExpiredAt: String @deprecated(reason: "Read the URL.")'),
    line: '  fileUrlExpiredAt: String @deprecated(reason: "Read the URL.")',
  },
  {
    what: 'an enum value is no longer deprecated',
    sdl: live('DOWNLOAD @deprecated', 'DOWNLOAD'),
    line: '  DOWNLOAD',
  },
  {
    what: 'a description changed',
    sdl: live('"When `fileUrl` stops working."', '"Until when it works."'),
    line: '  "Until when it works."',
  },
  {
    what: 'a field made non-null',
    sdl: live('fileUrl: String\n', 'fileUrl: String!\n'),
    line: '  fileUrl: String!',
  },
  {
    what: 'a field of lists made non-null',
    sdl: live('setting: TeamSetting', 'setting: TeamSetting!'),
    line: '  setting: TeamSetting!',
  },
  {
    what: 'an input field made nullable',
    sdl: live('method: GqlExportMethod!', 'method: GqlExportMethod = EMAIL'),
    line: '  method: GqlExportMethod = EMAIL',
  },
  {
    what: 'an optional input field added, of a new type',
    sdl: `${live('secret: String', 'secret: String, filter: Filter')} input Filter { "From when." since: DateTime } scalar DateTime`,
    line: 'input Filter {\n  "From when."\n  since: DateTime\n}\n\nscalar DateTime\n',
  },
  {
    what: 'an optional argument added',
    sdl: live('getAllTeams:', 'getAllTeams(search: String = ""):'),
    line: '  getAllTeams(search: String = ""): [Team!]!',
  },
  {
    what: 'an enum value added',
    sdl: live('EXTERNAL_FILE_STORAGE', 'EXTERNAL_FILE_STORAGE EXTERNAL_OBJECT_STORAGE'),
    line: '  FILE_STORAGE\n  EXTERNAL_OBJECT_STORAGE\n}',
  },
  {
    what: 'an interface implemented, and asked for by nobody',
    sdl: `${live('type Team {', 'type Team implements Node {')} interface Node { id: ID! }`,
    line: '',
  },
  {
    what: 'another name of the root type',
    sdl: live(/\bQuery\b/g, 'RootQuery'),
    line: 'schema {\n  query: RootQuery\n}\n\ntype RootQuery\n',
    files: 4,
  },
])('$what: pulled, generated, and fits', async ({ sdl, line, files = 1 }) => {
  const after = pulled(ours.files, ours.operations, sdl);
  // From an introspection the same, and a second time nothing.
  expect(pulled(ours.files, ours.operations, sdl, 'introspection')).toEqual(after);
  expect(pulled(after, ours.operations, sdl)).toEqual(after);
  // Nothing is left for `schema check` to report.
  const local = buildSchema(after.map(({ text }) => text).join('\n'));
  expect(await check({ schema: local, operations: ours.operations }, buildSchema(sdl))).toEqual([]);
  const changed = after.filter((one) => !ours.files.includes(one)).map(({ text }) => text);
  expect(changed.length).toBe(line === '' ? 0 : files);
  expect(changed.join('')).toContain(line);
  const written = await generated(after.map(({ text }) => text).join('\n'));
  // What is ours stays: without it this would be an ordinary query.
  expect(written['hooks.ts']).toContain('useExportTeamOverviewLazyQuery');
  expect(errorsOf({ ...written, 'service.ts': service })).toEqual([]);
});
