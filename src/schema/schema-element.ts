import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  type ASTNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  type NameNode,
} from 'graphql';

/** What all that has a coordinate has in common. */
export interface SchemaElement {
  description?: string | null | undefined;
  deprecationReason?: string | null | undefined;
  astNode?: (ASTNode & { name?: NameNode }) | null | undefined;
}

/** @param path as in a drift */
export function elementAt(
  schema: GraphQLSchema,
  [first = '', second, third]: readonly string[],
): SchemaElement | undefined {
  if (first.startsWith('@')) {
    const directive = schema.getDirective(first.slice(1));
    return second === undefined
      ? (directive ?? undefined)
      : directive?.args.find(({ name }) => name === second);
  }
  const type = schema.getType(first);
  if (second === undefined) return type;
  if (isEnumType(type)) return type.getValue(second) ?? undefined;
  if (isInputObjectType(type)) return type.getFields()[second];
  if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
  const field = type.getFields()[second];
  return third === undefined ? field : field?.args.find(({ name }) => name === third);
}

export function kindOf(type: GraphQLNamedType | undefined): string {
  if (isEnumType(type)) return 'an enum';
  if (isInputObjectType(type)) return 'an input type';
  if (isInterfaceType(type)) return 'an interface';
  if (isObjectType(type)) return 'an object type';
  return isUnionType(type) ? 'a union' : 'a scalar';
}

/** The schema coordinate, as the GraphQL specification writes it. */
export function coordinateOf([first = '', second, third]: readonly string[]): string {
  if (second === undefined) return first;
  if (first.startsWith('@')) return `${first}(${second}:)`;
  return third === undefined ? `${first}.${second}` : `${first}.${second}(${third}:)`;
}
