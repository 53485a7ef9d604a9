import {
  Kind,
  validate,
  visit,
  type ASTNode,
  type DocumentNode,
  type GraphQLSchema,
  type Location,
} from 'graphql';
import { foreignText } from '../errors/index.js';
import type { Change } from './change.js';
import { operationRules } from './local-project.js';
import { placeOf } from './place.js';
import { operationName } from './reach.js';
import { refusedPaths } from './refused-path.js';
import { coordinateOf } from './schema-element.js';

/** Why the live schema would refuse the operations, if it would: GraphQL's own validation, which has the last word. */
export function refusals(
  live: GraphQLSchema,
  operations: DocumentNode,
  toOurs: (name: string) => string = (name) => name,
): Change[] {
  const errors = validate(live, operations, operationRules, { maxErrors: 1000 });
  const paths = refusedPaths(live, operations, errors);
  return errors.map((error, index): Change => {
    const [node] = error.nodes ?? [];
    const [first = '', ...others] = paths[index] ?? [];
    return {
      severity: 'breaking',
      operations: operationsWith(operations, node),
      coordinate: coordinateOf([toOurs(first), ...others]),
      message: foreignText(error.message),
      at: placeOf(node?.loc) ?? '',
    };
  });
}

/** The operation that `node` is in, or those that spread the fragment that it is in. */
function operationsWith(document: DocumentNode, node: ASTNode | undefined): string[] {
  const holder = document.definitions.find((definition) => holds(definition.loc, node?.loc));
  return document.definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
    const within = definition === holder || (holder?.kind === Kind.FRAGMENT_DEFINITION && spreads(document, definition).has(holder.name.value)); // prettier-ignore
    return within ? [operationName(definition)] : [];
  });
}

function holds(whole: Location | undefined, part: Location | undefined): boolean {
  if (whole === undefined || part === undefined) return false;
  return whole.source === part.source && whole.start <= part.start && part.end <= whole.end;
}

/** The names of the fragments in `node`, also of those in them. */
function spreads(document: DocumentNode, node: ASTNode, found = new Set<string>()): Set<string> {
  visit(node, {
    FragmentSpread: ({ name }) => {
      if (found.has(name.value)) return;
      found.add(name.value);
      for (const definition of document.definitions)
        if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name.value)
          spreads(document, definition, found);
    },
  });
  return found;
}
