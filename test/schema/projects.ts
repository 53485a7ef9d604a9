import {
  buildClientSchema,
  buildSchema,
  getIntrospectionQuery,
  graphqlSync,
  parse,
  type GraphQLSchema,
  type IntrospectionQuery,
} from 'graphql';
import { check } from '../../src/schema/check.js';
import type { Change } from '../../src/schema/index.js';
import { localProject, type LocalProject } from '../../src/schema/local-project.js';

/** What this package ships: our fragment, and our operations. */
export const ours = localProject('schema', 'operations');

/** Our fragment as one text, to be changed into a live schema. */
export const ourSdl = ours.schemaFiles.map(({ text }) => text).join('\n');

/** A live schema: our fragment with each of the replacements made, each of which must be possible. */
export function liveSdl(...replacements: readonly (readonly [string | RegExp, string])[]): string {
  return replacements.reduce((sdl, [from, to]) => {
    const next = sdl.replace(from, to);
    if (next === sdl) throw new Error(`nothing to replace: ${String(from)}`);
    return next;
  }, ourSdl);
}

export function schemaOf(sdl: string): GraphQLSchema {
  return buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
}

/** The schema as an introspection shows it. */
export function introspected(schema: GraphQLSchema): GraphQLSchema {
  return buildClientSchema(introspection(schema), { assumeValid: true });
}

export function introspection(schema: GraphQLSchema): IntrospectionQuery {
  const source = getIntrospectionQuery({ specifiedByUrl: true, inputValueDeprecation: true, oneOf: true });
  return graphqlSync({ schema, source }).data as unknown as IntrospectionQuery;
}

/** A project that is not on the disk. */
export function project(sdl: string, operations: string): Pick<LocalProject, 'schema' | 'operations'> {
  return { schema: buildSchema(sdl), operations: parse(operations) };
}

export async function changes(ourSchema: string, operations: string, live: string): Promise<Change[]> {
  return check(project(ourSchema, operations), schemaOf(live));
}

/** A change without its place and its words: `breaking Team.name (GetAllTeams)`. */
export function shown({ severity, coordinate, operations }: Change): string {
  return `${severity} ${coordinate} (${operations.join(', ')})`;
}
