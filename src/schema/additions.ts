import { isInterfaceType, isObjectType, isUnionType, type GraphQLNamedType } from 'graphql';
import { isExtension, memberNames, namesIn, type Added, type TypeNode } from './definition-text.js';
import { membersOf } from './schema-member.js';

/** What is new in a type goes to its definition, or, where we only extend it, to the last extension. */
export function additions(
  nodes: readonly TypeNode[],
  liveOf: (node: TypeNode) => GraphQLNamedType | undefined,
): Map<TypeNode, Added> {
  const added = new Map<TypeNode, Added>();
  for (const name of new Set(nodes.map((node) => node.name.value))) {
    const ours = nodes.filter((node) => node.name.value === name);
    const home = ours.find((node) => !isExtension(node)) ?? ours.at(-1);
    const live = home && liveOf(home);
    if (home === undefined || live === undefined) continue;
    const members = new Set(ours.flatMap(memberNames));
    const types = new Set(
      ours.flatMap((node) => [...namesIn(node, 'interfaces'), ...namesIn(node, 'types')]),
    );
    added.set(home, {
      members: namesOf(membersOf(live)).filter((one) => !members.has(one)),
      types: namesOf(relatedTypes(live)).filter((one) => !types.has(one)),
    });
  }
  return added;
}

function relatedTypes(type: GraphQLNamedType): readonly GraphQLNamedType[] {
  if (isUnionType(type)) return type.getTypes();
  return isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
}

function namesOf(named: readonly { readonly name: string }[]): string[] {
  return named.map(({ name }) => name);
}
