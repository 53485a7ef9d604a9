import {
  GraphQLDirective,
  GraphQLEnumType,
  GraphQLInputObjectType,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  GraphQLUnionType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  type GraphQLInputFieldConfigMap,
  type GraphQLNamedType,
  type GraphQLNullableType,
  type GraphQLType,
} from 'graphql';
import type { Reach } from './reach.js';

/**
 * The part of `schema` that `reach` names, as far as it is there; without the nodes of the files that it was built from.
 *
 * A `reach` that was found in another schema may name fields whose types it does not know: input types, enums and scalars
 * are then whole, objects and interfaces without fields.
 *
 * @param renamed the name that a type gets
 */
export function pruned(
  schema: GraphQLSchema,
  reach: Reach,
  renamed: (name: string) => string = (name) => name,
): GraphQLSchema {
  const made = new Map<string, GraphQLNamedType>();

  function named(type: GraphQLNamedType): GraphQLNamedType {
    if (isSpecifiedScalarType(type)) return type;
    const before = made.get(type.name);
    if (before !== undefined) return before;
    const copy = copyOf(type);
    made.set(type.name, copy);
    return copy;
  }

  function wrapped<Type extends GraphQLType>(type: Type): Type {
    return rewrapped(type) as Type;
  }

  function rewrapped(type: GraphQLType): GraphQLType {
    if (isNonNullType(type)) return new GraphQLNonNull(rewrapped(type.ofType) as GraphQLNullableType);
    if (!isListType(type)) return named(type);
    const { ofType } = type;
    return new GraphQLList(rewrapped(ofType));
  }

  function fieldsOf(type: GraphQLObjectType | GraphQLInterfaceType): GraphQLFieldConfigMap<unknown, unknown> {
    const selected = reach.fields.get(type.name);
    const kept: GraphQLFieldConfigMap<unknown, unknown> = {};
    for (const [name, field] of Object.entries(type.toConfig().fields)) {
      if (selected?.has(name) !== true) continue;
      const args: GraphQLFieldConfigArgumentMap = {};
      for (const [argName, arg] of Object.entries(field.args ?? {}))
        args[argName] = { ...arg, type: wrapped(arg.type), astNode: undefined };
      kept[name] = { ...field, type: wrapped(field.type), args, astNode: undefined };
    }
    return kept;
  }

  const interfacesOf = (type: GraphQLObjectType | GraphQLInterfaceType): GraphQLInterfaceType[] =>
    type
      .getInterfaces()
      .filter(({ name }) => reach.fields.has(name))
      .map((one) => named(one) as GraphQLInterfaceType);

  function copyOf(type: GraphQLNamedType): GraphQLNamedType {
    const bare = { astNode: undefined, extensionASTNodes: [], name: renamed(type.name) };
    if (isScalarType(type)) return new GraphQLScalarType({ ...type.toConfig(), ...bare });
    if (isEnumType(type)) {
      const { values } = type.toConfig();
      const own = Object.entries(values).map(
        ([name, value]) => [name, { ...value, astNode: undefined }] as const,
      );
      return new GraphQLEnumType({ ...type.toConfig(), ...bare, values: Object.fromEntries(own) });
    }
    if (isInputObjectType(type)) {
      const fields = (): GraphQLInputFieldConfigMap => {
        const all = Object.entries(type.toConfig().fields);
        return Object.fromEntries(all.map(([name, field]) => [name, { ...field, type: wrapped(field.type), astNode: undefined }])); // prettier-ignore
      };
      return new GraphQLInputObjectType({ ...type.toConfig(), ...bare, fields });
    }
    const kept = { fields: () => fieldsOf(type as GraphQLObjectType), interfaces: () => interfacesOf(type as GraphQLObjectType) }; // prettier-ignore
    if (isObjectType(type)) return new GraphQLObjectType({ ...type.toConfig(), ...bare, ...kept });
    if (isInterfaceType(type)) return new GraphQLInterfaceType({ ...type.toConfig(), ...bare, ...kept });
    const types = (): GraphQLObjectType[] => type.getTypes().map((one) => named(one) as GraphQLObjectType);
    return new GraphQLUnionType({ ...type.toConfig(), ...bare, types });
  }

  const root = (type: GraphQLObjectType | null | undefined): GraphQLObjectType | null =>
    type != null && reach.fields.has(type.name) ? (named(type) as GraphQLObjectType) : null;
  const { description } = schema;
  return new GraphQLSchema({
    description,
    query: root(schema.getQueryType()),
    mutation: root(schema.getMutationType()),
    subscription: root(schema.getSubscriptionType()),
    // In the order of the schema, also those that nothing else here refers to.
    types: Object.values(schema.getTypeMap())
      .filter(({ name }) => reach.fields.has(name) || reach.whole.has(name))
      .map(named),
    directives: schema.getDirectives().flatMap((directive) => {
      if (isSpecifiedDirective(directive)) return [directive];
      if (!reach.directives.has(directive.name)) return [];
      const { args, ...config } = directive.toConfig();
      const own = Object.entries(args).map(
        ([name, arg]) => [name, { ...arg, type: wrapped(arg.type) }] as const,
      );
      return [new GraphQLDirective({ ...config, astNode: undefined, args: Object.fromEntries(own) })];
    }),
    assumeValid: true,
  });
}
