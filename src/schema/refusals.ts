import {
  getNamedType,
  Kind,
  TypeInfo,
  validate,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLError,
  type GraphQLSchema,
  type Location,
} from 'graphql';
import { foreignText } from '../errors/index.js';
import type { Change } from './change.js';
import { operationRules } from './local-project.js';
import { placeOf } from './place.js';
import { operationName } from './reach.js';
import { coordinateOf } from './schema-element.js';

/** Why the live schema would refuse the operations, if it would: GraphQL's own validation, which has the last word. */
export function refusals(
  live: GraphQLSchema,
  operations: DocumentNode,
  toOurs: (name: string) => string = (name) => name,
): Change[] {
  const errors = validate(live, operations, operationRules, { maxErrors: 1000 });
  const paths = pathsOf(live, operations, errors);
  return errors.map((error): Change => {
    const [node] = error.nodes ?? [];
    const [first = '', ...others] = (node === undefined ? undefined : paths.get(node)) ?? [];
    return {
      severity: 'breaking',
      operations: operationsWith(operations, node),
      coordinate: coordinateOf([toOurs(first), ...others]),
      message: foreignText(error.message),
      at: placeOf(node?.loc) ?? '',
    };
  });
}

/** What in the schema the places of the errors are about. */
function pathsOf(
  schema: GraphQLSchema,
  operations: DocumentNode,
  errors: readonly GraphQLError[],
): Map<ASTNode, string[]> {
  const paths = new Map<ASTNode, string[]>();
  const wanted = new Set(errors.map(({ nodes }) => nodes?.[0]));
  if (wanted.size === 0) return paths;
  const info = new TypeInfo(schema);
  const enter = (node: ASTNode): void => {
    if (wanted.has(node)) paths.set(node, pathOf(node, info));
  };
  visit(operations, visitWithTypeInfo(info, { enter }));
  return paths;
}

function pathOf(node: ASTNode, info: TypeInfo): string[] {
  const parent = info.getParentType()?.name ?? '';
  if (node.kind === Kind.NAMED_TYPE) return [node.name.value];
  if (node.kind === Kind.FIELD) return [parent, node.name.value];
  if (node.kind === Kind.DIRECTIVE) return [`@${node.name.value}`];
  if (node.kind === Kind.ARGUMENT) {
    const directive = info.getDirective();
    return directive == null
      ? [parent, info.getFieldDef()?.name ?? '', node.name.value]
      : [`@${directive.name}`, node.name.value];
  }
  if (node.kind === Kind.OBJECT_FIELD) {
    const object = getNamedType(info.getParentInputType());
    return object === undefined ? [node.name.value] : [object.name, node.name.value];
  }
  const input = getNamedType(info.getInputType());
  return [input?.name ?? parent];
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
