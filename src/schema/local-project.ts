import {
  buildASTSchema,
  Kind,
  NoUnusedFragmentsRule,
  specifiedRules,
  validate,
  validateSchema,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import { graphqlFilesIn, invalidProject, shownPath, type GraphqlFile } from './graphql-files.js';
import { placeOf } from './place.js';
import { usedPart } from './used-part.js';

/** The fragment of the schema and the operations of one project. */
export interface LocalProject {
  schemaFiles: readonly GraphqlFile[];
  operationFiles: readonly GraphqlFile[];
  schema: GraphQLSchema;
  /** All operations, with the fragments that they use, in one document. */
  operations: DocumentNode;
}

/** A fragment of which nothing is used does no harm; everything else that GraphQL asks of a document is asked. */
export const operationRules = specifiedRules.filter((rule) => rule !== NoUnusedFragmentsRule);

/** @throws OPERATIONS_INVALID */
export function localProject(schemaFolder: string, operationsFolder: string): LocalProject {
  const schemaFiles = graphqlFilesIn(schemaFolder);
  const schema = schemaOf(schemaFiles, schemaFolder);
  const { operationFiles, operations } = localOperations(operationsFolder);
  throwIfAny(validated(schema, operations));
  return { schemaFiles, operationFiles, schema, operations };
}

function validated(schema: GraphQLSchema, operations: DocumentNode): readonly GraphQLError[] {
  try {
    return validate(schema, operations, operationRules, { maxErrors: 1 });
  } catch (error) {
    // Each file is flat, but fragments lead from one to the next.
    if (error instanceof RangeError) throw invalidProject('The operations are nested too deeply.');
    throw error;
  }
}

/** For a project that has operations, but no schema yet. @throws OPERATIONS_INVALID */
export function localOperations(folder: string): Pick<LocalProject, 'operationFiles' | 'operations'> {
  const operationFiles = graphqlFilesIn(folder);
  const operations = usedPart(merged(operationFiles));
  if (!operations.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    throw invalidProject(`There are no operations in ${shownPath(folder)}.`);
  return { operationFiles, operations };
}

function schemaOf(files: readonly GraphqlFile[], folder: string): GraphQLSchema {
  if (files.length === 0) throw invalidProject(`There are no .graphql files in ${shownPath(folder)}.`);
  let schema: GraphQLSchema;
  try {
    schema = buildASTSchema(merged(files));
  } catch (error) {
    throw invalidProject(
      `The schema in ${shownPath(folder)} is not valid: ${(error as Error).message.replace(/\s+/g, ' ')}`,
    );
  }
  throwIfAny(validateSchema(schema));
  return schema;
}

function throwIfAny([error]: readonly GraphQLError[]): void {
  if (error === undefined) return;
  const at = placeOf(error.nodes?.[0]?.loc);
  throw invalidProject(`${at === null ? '' : `${at}: `}${error.message}`);
}

function merged(files: readonly GraphqlFile[]): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: files.flatMap(({ document }) => document.definitions) };
}
