import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import {
  buildASTSchema,
  GraphQLError,
  Kind,
  NoUnusedFragmentsRule,
  parse,
  Source,
  specifiedRules,
  validate,
  validateSchema,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { DatasaurExportError } from '../errors/index.js';
import { refuseDeepNesting } from './nesting.js';
import { oneLine } from './one-line.js';
import { placeOf } from './place.js';
import { usedPart } from './used-part.js';

/** A file with what is in it; the nodes know their places in it. */
export interface GraphqlFile {
  /** As given to the file system. */
  path: string;
  /** As shown to people, and as in the nodes' `loc.source.name`: relative to the current folder where it is in there. */
  name: string;
  text: string;
  document: DocumentNode;
}

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
    if (error instanceof RangeError) throw invalid('The operations are nested too deeply.');
    throw error;
  }
}

/** For a project that has operations, but no schema yet. @throws OPERATIONS_INVALID */
export function localOperations(folder: string): Pick<LocalProject, 'operationFiles' | 'operations'> {
  const operationFiles = graphqlFilesIn(folder);
  const operations = usedPart(merged(operationFiles));
  if (!operations.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION))
    throw invalid(`There are no operations in ${shownPath(folder)}.`);
  return { operationFiles, operations };
}

function schemaOf(files: readonly GraphqlFile[], folder: string): GraphQLSchema {
  if (files.length === 0) throw invalid(`There are no .graphql files in ${shownPath(folder)}.`);
  let schema: GraphQLSchema;
  try {
    schema = buildASTSchema(merged(files));
  } catch (error) {
    throw invalid(
      `The schema in ${shownPath(folder)} is not valid: ${(error as Error).message.replace(/\s+/g, ' ')}`,
    );
  }
  throwIfAny(validateSchema(schema));
  return schema;
}

function throwIfAny([error]: readonly GraphQLError[]): void {
  if (error === undefined) return;
  const at = placeOf(error.nodes?.[0]?.loc);
  throw invalid(`${at === null ? '' : `${at}: `}${error.message}`);
}

/** In the order of their names, also of folders in `folder`. */
export function graphqlFilesIn(folder: string): GraphqlFile[] {
  let paths: string[];
  try {
    paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      // What is hidden is an editor's, a lock for instance, not the project's.
      .filter((path) => /\.(graphql|gql)$/.test(path) && !/(^|[\\/])(node_modules[\\/]|\.)/.test(path))
      .map((path) => join(folder, path))
      .sort();
  } catch (error) {
    throw unreadable((error as NodeJS.ErrnoException).path ?? folder, error);
  }
  return paths.filter(isFile).map(readGraphql);
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch (error) {
    throw unreadable(path, error);
  }
}

function readGraphql(path: string): GraphqlFile {
  const name = shownPath(path);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    // Without anything in it but comments, a file is no GraphQL document, but does no harm.
    const empty = /^[\uFEFF\s,]*$/.test(text.replace(/#.*/g, ''));
    const source = new Source(text, name);
    if (!empty) refuseDeepNesting(source);
    const document: DocumentNode = empty ? { kind: Kind.DOCUMENT, definitions: [] } : parse(source);
    return { path, name, text, document };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const [{ line, column } = { line: 1, column: 1 }] = error.locations ?? [];
    throw invalid(`${name}:${line}:${column}: ${error.message}`);
  }
}

function merged(files: readonly GraphqlFile[]): DocumentNode {
  return { kind: Kind.DOCUMENT, definitions: files.flatMap(({ document }) => document.definitions) };
}

/** Relative to the current folder, with `/`, if it is in there. */
export function shownPath(path: string): string {
  const inside = relative('', resolve(path));
  const shown = inside === '' ? '.' : inside.startsWith('..') ? resolve(path) : inside;
  return shown.split(sep).join('/');
}

function unreadable(path: string, error: unknown): DatasaurExportError {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  return invalid(`${shownPath(path)} cannot be read (${code}).`);
}

function invalid(message: string): DatasaurExportError {
  return new DatasaurExportError('OPERATIONS_INVALID', oneLine(message), {
    hint: 'This is about the files of this project (--schema, --operations), not about the live schema.',
  });
}
