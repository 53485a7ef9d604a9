import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  OperationTypeNode,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { membersOf, type SchemaMember } from './schema-member.js';

/** What stands in one of our files: types that we have, each with the names of the members that stand there. */
export interface Place {
  readonly path: string;
  readonly types: readonly { readonly live: GraphQLNamedType; readonly members: readonly string[] }[];
}

/**
 * In which file each new type goes, in which order: the file that mentions it first, itself or by way of other new types.
 *
 * @param rest the path for what no file mentions
 */
export function newTypeHomes(
  fragment: GraphQLSchema,
  places: readonly Place[],
  rest: string,
): Map<string, GraphQLNamedType[]> {
  const known = new Set(places.flatMap(({ types }) => types.map(({ live }) => live.name)));
  const homes = new Map<string, GraphQLNamedType[]>();
  const take = (path: string, types: Iterable<GraphQLNamedType>): void => {
    // Depth first: what a type mentions stands behind it.
    for (const type of types) {
      if (known.has(type.name) || isSpecifiedScalarType(type)) continue;
      known.add(type.name);
      homes.set(path, [...(homes.get(path) ?? []), type]);
      take(path, mentionedBy(fragment, type, membersOf(type)));
    }
  };
  for (const { path, types } of places) {
    for (const { live, members } of types) {
      const here = membersOf(live).filter(({ name }) => members.includes(name));
      take(path, mentionedBy(fragment, live, here));
    }
  }
  take(
    rest,
    Object.values(OperationTypeNode).flatMap((operation) => fragment.getRootType(operation) ?? []),
  );
  take(
    rest,
    Object.values(fragment.getTypeMap()).filter(({ name }) => !name.startsWith('__')),
  );
  return homes;
}

function mentionedBy(
  fragment: GraphQLSchema,
  type: GraphQLNamedType,
  members: readonly SchemaMember[],
): GraphQLNamedType[] {
  return [
    ...(isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : []),
    ...members.flatMap((member) => [...member.args, member].flatMap(({ named }) => named ?? [])),
    ...(isAbstractType(type) ? fragment.getPossibleTypes(type) : []),
  ];
}
