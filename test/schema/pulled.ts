import { buildSchema, introspectionFromSchema, parse, Source, type DocumentNode } from 'graphql';
import { readdirSync, readFileSync } from 'node:fs';
import { schemaOfIntrospection } from '../../src/schema/build-schema.js';
import type { SchemaFile } from '../../src/schema/fragment-files.js';
import { pullPlan } from '../../src/schema/pull-plan.js';

function filesIn(folder: string): SchemaFile[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ path: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }));
}

/** The fragment and the operations of this project. */
export const ours = {
  files: filesIn('schema'),
  sdl: filesIn('schema')
    .map(({ text }) => text)
    .join('\n'),
  operations: parse(
    filesIn('operations')
      .map(({ text }) => text)
      .join('\n'),
  ),
};

export const sources = ['SDL', 'introspection'] as const;

/** The files as they are after a pull; those that it leaves alone are the same objects. */
export function pulled(
  files: readonly SchemaFile[],
  operations: DocumentNode | string,
  liveSdl: string,
  source: (typeof sources)[number] = 'SDL',
): SchemaFile[] {
  const schema = buildSchema(liveSdl, { assumeValidSDL: true, assumeValid: true });
  const live = {
    name: 'live',
    schema:
      source === 'SDL'
        ? schema
        : schemaOfIntrospection(introspectionFromSchema(schema, { oneOf: true }), 'live').schema,
  };
  const document = typeof operations === 'string' ? parse(new Source(operations, 'o.graphql')) : operations;
  const changes = pullPlan(files, document, live, 'schema/schema.graphql');
  const paths = [...files.map(({ path }) => path), ...changes.map(({ path }) => path)];
  return [...new Set(paths)].flatMap((path) => {
    const before = files.find((file) => file.path === path);
    const change = changes.find((one) => one.path === path);
    if (change === undefined) return before ?? [];
    return change.after === null ? [] : { path, text: change.after };
  });
}

/** The texts of one file. */
export function pulledText(ourSdl: string, operations: string, liveSdl: string): string {
  const files = pulled([{ path: 'schema/a.graphql', text: ourSdl }], operations, liveSdl);
  return files.map(({ text }) => text).join('\n--- next file\n');
}
