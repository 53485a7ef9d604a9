import {
  buildASTSchema,
  Kind,
  OperationTypeNode,
  parse,
  validate,
  validateSchema,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import { DatasaurExportError } from '../errors/index.js';
import { invalidSchema } from './build-schema.js';
import type { Change } from './change.js';
import { fragmentChanges, type FileChange, type SchemaFile } from './fragment-files.js';
import { invalidProject } from './graphql-files.js';
import { operationRules } from './local-project.js';
import { placeOf } from './place.js';
import { pruned } from './prune.js';
import { operationName, reachOf } from './reach.js';
import { refusals } from './refusals.js';
import type { LiveSchema } from './sources.js';

/**
 * What of `schema/` has to change so that it says what the live schema says of all that the operations use.
 *
 * @param newFile the path of the file for a project that has no schema yet
 * @throws SCHEMA_INCOMPATIBLE, SCHEMA_INVALID, OPERATIONS_INVALID
 */
export function pullPlan(
  files: readonly SchemaFile[],
  operations: DocumentNode,
  live: Pick<LiveSchema, 'name' | 'schema'>,
  newFile: string,
): FileChange[] {
  const refused = [...missingRoots(live.schema, operations), ...refusals(live.schema, operations)];
  if (refused.length > 0) throw incompatible(live.name, refused);
  const fragment = pruned(live.schema, reachOf(live.schema, withQuery(operations)));
  const changes = fragmentChanges(files, fragment, newFile);
  prove(files, changes, operations, live.name);
  return changes;
}

/** What the live schema says of every operation that it would refuse is in `details.changes`, as `check` reports it. */
function incompatible(name: string, changes: readonly Change[]): DatasaurExportError {
  const count = changes.length === 1 ? 'in one place' : `in ${changes.length} places`;
  const message = `The operations are not valid against the schema of ${name}, ${count}; nothing was written.`;
  return new DatasaurExportError('SCHEMA_INCOMPATIBLE', message, {
    hint: 'Change the operations first; `datasaur-export schema check` says everything that differs.',
    details: { changes },
  });
}

/** GraphQL's own rules say nothing of operations of a kind that a schema does not have. */
function missingRoots(live: GraphQLSchema, operations: DocumentNode): Change[] {
  return operations.definitions.flatMap((node): Change[] => {
    if (node.kind !== Kind.OPERATION_DEFINITION || live.getRootType(node.operation) != null) return [];
    const message = `The schema has no ${node.operation} root type.`;
    const name = operationName(node);
    return [
      {
        severity: 'breaking',
        operations: [name],
        coordinate: node.operation,
        message,
        at: placeOf(node.loc) ?? '',
      },
    ];
  });
}

/** A schema needs a query type, also where the operations are mutations only. */
function withQuery(operations: DocumentNode): DocumentNode[] {
  const asks = operations.definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && node.operation === OperationTypeNode.QUERY,
  );
  return asks ? [operations] : [operations, parse('{ __typename }')];
}

/** What is about to be written is read first, as the code generator will read it. @throws SCHEMA_INVALID, OPERATIONS_INVALID */
function prove(
  files: readonly SchemaFile[],
  changes: readonly FileChange[],
  operations: DocumentNode,
  name: string,
): void {
  const changed = new Map(changes.map(({ path, after }) => [path, after]));
  const texts = [
    ...files.map(({ path, text }) => (changed.has(path) ? changed.get(path) : text)),
    ...changes.filter(({ before }) => before === null).map(({ after }) => after),
  ];
  const wrong = whatIsWrong(texts, operations);
  if (wrong === null) return;
  // What was wrong before is not the live schema's doing.
  if (files.length > 0 && whatIsWrong(files.map(({ text }) => text)) !== null)
    throw invalidProject(
      `The project's own schema is not valid: ${(wrong as Error).message.replace(/\s+/g, ' ')}`,
    );
  throw invalidSchema(name, wrong);
}

function whatIsWrong(texts: readonly (string | null | undefined)[], operations?: DocumentNode): unknown {
  try {
    const schema = buildASTSchema(parse(texts.join('\n')));
    const refused = operations === undefined ? [] : validate(schema, operations, operationRules);
    return [...validateSchema(schema), ...refused][0] ?? null;
  } catch (error) {
    return error;
  }
}
