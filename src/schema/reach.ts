import {
  Kind,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import { ReachWalk, type Found } from './reach-walk.js';

/** What of a schema a set of operations uses. Names only, so that it can be looked up in another schema too. */
export interface Reach {
  /** By type: the fields that are selected of an object or interface. Each is reached with all its arguments. */
  fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Input types, enums and scalars: these are reached whole. */
  whole: ReadonlySet<string>;
  /** Directives that the operations bear. */
  directives: ReadonlySet<string>;
  /** By coordinate (`Type`, `Type.field` or `@directive`): the names of the operations that use it. */
  usedBy: ReadonlyMap<string, ReadonlySet<string>>;
}

/** The name of an operation, also of one that has none. */
export function operationName({ name, operation }: OperationDefinitionNode): string {
  return name?.value ?? `(an unnamed ${operation})`;
}

/**
 * @param operations valid against `schema`; fragments may be in other documents than the operations. What `schema` does
 *   not have is left out.
 */
export function reachOf(schema: GraphQLSchema, operations: readonly DocumentNode[]): Reach {
  const definitions = operations.flatMap((document) => document.definitions);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const found: Found = { fields: new Map(), whole: new Set(), directives: new Set(), usedBy: new Map() };
  const walks: ReachWalk[] = [];
  for (const definition of definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const walk = new ReachWalk(schema, fragments, found, operationName(definition));
    walk.operation(definition);
    walks.push(walk);
  }
  for (const walk of walks) walk.complete();
  return found;
}
