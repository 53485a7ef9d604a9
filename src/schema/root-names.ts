import { OperationTypeNode, type GraphQLSchema } from 'graphql';

/** Two schemas may call their root types differently, and mean the same. */
export interface RootNames {
  /** The name in the live schema of a type of ours, and the other way round; any other name as it is. */
  toLive: (name: string) => string;
  toOurs: (name: string) => string;
}

export function rootNames(ours: GraphQLSchema, live: GraphQLSchema): RootNames {
  const pairs = Object.values(OperationTypeNode).flatMap((operation): [string, string][] => {
    const [one, other] = [ours.getRootType(operation), live.getRootType(operation)];
    return one == null || other == null ? [] : [[one.name, other.name]];
  });
  const toLive = new Map(pairs);
  const toOurs = new Map(pairs.map(([one, other]) => [other, one]));
  return { toLive: (name) => toLive.get(name) ?? name, toOurs: (name) => toOurs.get(name) ?? name };
}
