// @ts-check
import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/** The directive that marks a field of the schema; `schema/directives.graphql` documents it. */
export const directiveName = 'sideEffects';

/**
 * The fields of an operation that bear `@sideEffects`: at any depth, under any alias, in any fragment.
 *
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {ReadonlyMap<string, import('graphql').FragmentDefinitionNode>} fragments by name
 * @returns {string[]} as `Query.exportTeamOverview`
 */
export function sideEffectsOf(schema, operation, fragments) {
  /** @type {Set<string>} */
  const found = new Set();
  for (const definition of reachable(operation, fragments)) {
    const typeInfo = new TypeInfo(schema);
    const Field = (/** @type {import('graphql').FieldNode} */ node) => {
      const parent = typeInfo.getParentType();
      const bearer = bearersOf(schema, parent).find((type) => bearsDirective(type, node.name.value));
      if (bearer) found.add(`${bearer.name}.${node.name.value}`);
    };
    visit(definition, visitWithTypeInfo(typeInfo, { Field }));
  }
  return [...found];
}

/**
 * An operation and every fragment that it uses, itself or by way of another.
 *
 * @param {import('graphql').OperationDefinitionNode} operation
 * @param {ReadonlyMap<string, import('graphql').FragmentDefinitionNode>} fragments
 */
function reachable(operation, fragments) {
  /** @type {Set<import('graphql').OperationDefinitionNode | import('graphql').FragmentDefinitionNode>} */
  const definitions = new Set([operation]);
  // A set that grows while it is walked is walked to its new end, and takes each member once: fragments may be shared.
  for (const definition of definitions) {
    visit(definition, {
      [Kind.FRAGMENT_SPREAD]: (/** @type {import('graphql').FragmentSpreadNode} */ { name }) => {
        const fragment = fragments.get(name.value);
        if (fragment) definitions.add(fragment);
      },
    });
  }
  return definitions;
}

/**
 * The types whose field may be the one that runs: behind an interface that is each type that implements it. And the
 * interfaces of each, whose directive speaks of all that implement them.
 *
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').GraphQLCompositeType | null | undefined} parent
 */
function bearersOf(schema, parent) {
  if (!parent) return [];
  const types = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  return types.flatMap((type) => [type, ...('getInterfaces' in type ? type.getInterfaces() : [])]);
}

/** @param {import('graphql').GraphQLCompositeType} type @param {string} field @returns {boolean} */
function bearsDirective(type, field) {
  if (!isObjectType(type) && !isInterfaceType(type)) return false;
  const directives = type.getFields()[field]?.astNode?.directives ?? [];
  return directives.some(({ name }) => name.value === directiveName);
}
