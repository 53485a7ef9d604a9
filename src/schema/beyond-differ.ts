import {
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Drift } from './change.js';
import type { RootNames } from './root-names.js';
import { coordinateOf, type SchemaElement } from './schema-element.js';

/** What the differ reads only from the text of a schema, which an introspected one does not have. */
export function furtherDifferences(ours: GraphQLSchema, live: GraphQLSchema): Drift[] {
  return Object.values(ours.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return [];
    const other = live.getType(type.name);
    return isInputObjectType(type) && isInputObjectType(other)
      ? [...oneOf(type, other), ...ofInput(type, other)]
      : ofArguments(type, other);
  });
}

/** What is selected of an interface can now be of a type that our schema does not have. */
export function newPossibleTypes(
  ours: GraphQLSchema,
  live: GraphQLSchema,
  { toLive, toOurs }: RootNames,
): Drift[] {
  return Object.values(ours.getTypeMap()).flatMap((type) => {
    const other = live.getType(toLive(type.name));
    if (!isInterfaceType(type) || !isInterfaceType(other)) return [];
    return possible(live, other)
      .map(toOurs)
      .filter((name) => !possible(ours, type).includes(name))
      .map((name): Drift => {
        const message = `Object type '${name}' implements interface '${type.name}'.`;
        return { severity: 'dangerous', path: [type.name], message };
      });
  });
}

function possible(schema: GraphQLSchema, type: GraphQLInterfaceType): string[] {
  return schema.getPossibleTypes(type).map(({ name }) => name);
}

function oneOf(ours: GraphQLInputObjectType, live: GraphQLInputObjectType): Drift[] {
  if (ours.isOneOf === live.isOneOf) return [];
  const about = `Input type '${ours.name}'`;
  return live.isOneOf
    ? [{ severity: 'breaking', path: [ours.name], message: `${about} takes exactly one of its fields now.` }]
    : [{ severity: 'safe', path: [ours.name], message: `${about} no longer takes just one of its fields.` }];
}

function ofInput(ours: GraphQLInputObjectType, live: GraphQLInputObjectType): Drift[] {
  const others = live.getFields();
  return Object.values(ours.getFields()).flatMap((field) =>
    deprecation([ours.name, field.name], field, others[field.name]),
  );
}

function ofArguments(ours: GraphQLNamedType, live: GraphQLNamedType | undefined): Drift[] {
  if (!hasFields(ours) || !hasFields(live)) return [];
  const others = live.getFields();
  return Object.values(ours.getFields()).flatMap((field) =>
    field.args.flatMap((arg) => {
      const other = others[field.name]?.args.find(({ name }) => name === arg.name);
      return deprecation([ours.name, field.name, arg.name], arg, other);
    }),
  );
}

function hasFields(type: GraphQLNamedType | undefined): type is GraphQLInterfaceType {
  return isObjectType(type) || isInterfaceType(type);
}

function deprecation(path: string[], ours: SchemaElement, live: SchemaElement | undefined): Drift[] {
  if (live === undefined || (ours.deprecationReason ?? null) === (live.deprecationReason ?? null)) return [];
  const about = coordinateOf(path);
  const message =
    live.deprecationReason == null
      ? `${about} is no longer deprecated.`
      : `${about} is deprecated: ${live.deprecationReason}`;
  return [{ severity: 'safe', path, message }];
}
