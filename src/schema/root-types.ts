import {
  Kind,
  OperationTypeNode,
  type DefinitionNode,
  type GraphQLSchema,
  type SchemaDefinitionNode,
  type SchemaExtensionNode,
} from 'graphql';
import { bracesOf, textInBraces } from './braces.js';
import { withBody } from './layout.js';
import { locationOf } from './source-place.js';

export type RootNode = SchemaDefinitionNode | SchemaExtensionNode;

const operations = Object.values(OperationTypeNode);
const defaultNames = { query: 'Query', mutation: 'Mutation', subscription: 'Subscription' };

export function isRootNode(node: DefinitionNode): node is RootNode {
  return node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION;
}

/** What our root types are called in the live schema, where it calls them something else. */
export function liveRootNames(
  definitions: readonly DefinitionNode[],
  fragment: GraphQLSchema,
): Map<string, string> {
  const nodes = definitions.filter(isRootNode);
  const written = nodes.flatMap((node) => node.operationTypes ?? []);
  return new Map(
    operations.flatMap((operation): [string, string][] => {
      const ours = written.find((one) => one.operation === operation)?.type.name.value;
      const name = ours ?? (nodes.length === 0 ? defaultNames[operation] : undefined);
      const live = fragment.getRootType(operation)?.name;
      return name === undefined || live === undefined || name === live ? [] : [[name, live]];
    }),
  );
}

/** Our `schema { … }`. Its description stays: it is about the part that we have. Null if nothing is left of it. */
export function rewrittenRoots(
  node: RootNode,
  definitions: readonly DefinitionNode[],
  fragment: GraphQLSchema,
): string | null {
  const nodes = definitions.filter(isRootNode);
  const { start, source } = locationOf(node);
  const braces = bracesOf(node, node.operationTypes);
  if (braces === null) return source.body.slice(start, locationOf(node).end);
  const pieces = braces.members.map(({ operation, type, loc }) => {
    const live = fragment.getRootType(operation)?.name;
    const place = { start: loc?.start ?? start, end: loc?.end ?? start };
    if (live === undefined) return { ...place, text: null };
    const unchanged = type.name.value === live;
    return {
      ...place,
      text: unchanged ? source.body.slice(place.start, place.end) : `${operation}: ${live}`,
    };
  });
  const written = new Set(nodes.flatMap((one) => one.operationTypes ?? []).map((one) => one.operation));
  const added = node === nodes[0] ? rootTexts(fragment, (operation) => !written.has(operation)) : [];
  if (added.length === 0 && pieces.every(({ text }) => text === null)) return null;
  return source.body.slice(start, braces.open.end) + textInBraces(braces, pieces, added);
}

/** What has to be added where we have no `schema { … }`. */
export function missingRootsTexts(definitions: readonly DefinitionNode[], fragment: GraphQLSchema): string[] {
  if (definitions.some(isRootNode)) return [];
  const named = operations.some((operation) => {
    const name = fragment.getRootType(operation)?.name;
    return name !== undefined && name !== defaultNames[operation];
  });
  return named
    ? [
        withBody(
          'schema',
          rootTexts(fragment, () => true),
        ),
      ]
    : [];
}

function rootTexts(fragment: GraphQLSchema, wanted: (operation: OperationTypeNode) => boolean): string[] {
  return operations.filter(wanted).flatMap((operation) => {
    const name = fragment.getRootType(operation)?.name;
    return name === undefined ? [] : [`${operation}: ${name}`];
  });
}
