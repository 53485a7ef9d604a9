import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import type { Drift } from './change.js';
import { coordinateOf, elementAt, type SchemaElement } from './schema-element.js';
import type { Told } from './told.js';

/** What is deprecated now, or no longer, or for another reason. */
export function deprecations(ours: GraphQLSchema, live: GraphQLSchema, told: Told): Drift[] {
  return Object.values(ours.getTypeMap())
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) => [...outputs(type), ...(told.inputDeprecation ? inputs(type) : [])])
    .flatMap((path) => deprecation(path, elementAt(ours, path), elementAt(live, path)));
}

function outputs(type: GraphQLNamedType): string[][] {
  if (isEnumType(type)) return type.getValues().map(({ name }) => [type.name, name]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.keys(type.getFields()).map((name) => [type.name, name]);
}

function inputs(type: GraphQLNamedType): string[][] {
  if (isInputObjectType(type)) return Object.keys(type.getFields()).map((name) => [type.name, name]);
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) =>
    field.args.map(({ name }) => [type.name, field.name, name]),
  );
}

function deprecation(
  path: string[],
  ours: SchemaElement | undefined,
  live: SchemaElement | undefined,
): Drift[] {
  if (ours === undefined || live === undefined) return [];
  const [before, after] = [ours.deprecationReason ?? null, live.deprecationReason ?? null];
  if (before === after) return [];
  const is = after === null ? 'is no longer deprecated' : 'is deprecated';
  const another = before === null || after === null ? '' : ' for another reason now';
  const reason = after === null || after === '' ? '.' : `: ${after}`;
  return [{ severity: 'safe', path, message: `${coordinateOf(path)} ${is}${another}${reason}` }];
}
