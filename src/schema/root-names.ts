import { OperationTypeNode, type GraphQLSchema } from 'graphql';

/** Two schemas may call their root types differently, and mean the same. */
export interface RootNames {
  /**
   * The name in the live schema of a type of ours, and the other way round. Any other name as it is, unless a root type has
   * it on the other side: then a name that nothing has, since what it names is not there.
   */
  toLive: (name: string) => string;
  toOurs: (name: string) => string;
  /** A text about types by the names that `toOurs` gives, with what they are called where there are two of one name. */
  asCalled: (text: string) => string;
}

export function rootNames(ours: GraphQLSchema, live: GraphQLSchema): RootNames {
  const toLive = new Map<string, string>();
  const toOurs = new Map<string, string>();
  for (const operation of Object.values(OperationTypeNode)) {
    const [one, other] = [ours.getRootType(operation)?.name, live.getRootType(operation)?.name];
    if (one === undefined || other === undefined || toLive.has(one) || toOurs.has(other)) continue;
    toLive.set(one, other);
    toOurs.set(other, one);
  }
  const invented = new Map<string, string>();
  const unheardOf = (name: string): string => {
    let other = `${name}_`;
    while ([ours, live].some((schema) => schema.getType(other) !== undefined)) other += '_';
    invented.set(other, name);
    return other;
  };
  const [liveNames, ourNames] = [new Set(toLive.values()), new Set(toOurs.values())];
  for (const name of liveNames) if (!toLive.has(name)) toLive.set(name, unheardOf(name));
  for (const name of ourNames) if (!toOurs.has(name)) toOurs.set(name, unheardOf(name));
  return {
    toLive: (name) => toLive.get(name) ?? name,
    toOurs: (name) => toOurs.get(name) ?? name,
    asCalled: (text) => text.replace(/\w+/g, (word) => invented.get(word) ?? word),
  };
}
