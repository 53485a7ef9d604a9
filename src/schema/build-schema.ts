import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery, type SourceLocation } from 'graphql';
import { DatasaurExportError, foreignText } from '../errors/index.js';
import type { LiveSchema } from './sources.js';
import { toldBy } from './told.js';

/** @throws SCHEMA_INVALID */
export function schemaOfIntrospection(answer: IntrospectionQuery, name: string): LiveSchema {
  try {
    // What is wrong elsewhere in it is nothing to the operations.
    const schema = withQueries(buildClientSchema(answer, { assumeValid: true }));
    throwUnlessText(answer);
    return { name, schema, told: toldBy(answer) };
  } catch (error) {
    throw invalidSchema(name, inOurWords(error));
  }
}

/** GraphQL takes these over as they are; what compares them takes them for texts. */
function throwUnlessText(answer: IntrospectionQuery): void {
  const left: unknown[] = [answer.__schema];
  // As deep as the answer, but without a stack.
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    for (const [key, inner] of Object.entries(value as object) as [string, unknown][]) {
      const isText = key === 'description' || key === 'deprecationReason';
      if (isText && inner !== null && typeof inner !== 'string')
        throw new Error(`a ${key} in it is no text.`);
      if (typeof inner === 'object' && inner !== null) left.push(inner);
    }
  }
}

/** What GraphQL checks it says itself; where it checks nothing, JavaScript's own errors say nothing to anybody. */
function inOurWords(error: unknown): unknown {
  if (error instanceof RangeError) return new Error('it is nested too deeply.');
  if (error instanceof TypeError)
    return new Error(
      'it is not a whole answer to an introspection query: something in it is missing or null.',
    );
  return error;
}

/** Every schema has them; a text without any is something else, such as operations. */
export function withQueries(schema: GraphQLSchema): GraphQLSchema {
  if (schema.getQueryType() == null) throw new Error('it has no query type.');
  return schema;
}

export function invalidSchema(name: string, error: unknown): DatasaurExportError {
  const [at] = (error as { locations?: readonly SourceLocation[] }).locations ?? [];
  const said = foreignText(error instanceof Error ? error.message : String(error));
  const why = at === undefined ? said : `line ${at.line}, column ${at.column}: ${said}`;
  return new DatasaurExportError('SCHEMA_INVALID', `The schema from ${name} is not valid: ${why}`, {
    hint: 'Wanted is the answer to an introspection query (JSON), or a schema in GraphQL\'s own language (SDL).', // prettier-ignore
  });
}
