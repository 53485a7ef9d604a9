import {
  isInputObjectType,
  isInterfaceType,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLSchema,
} from 'graphql';
import type { Drift } from './change.js';
import { deprecations } from './deprecations.js';
import type { RootNames } from './root-names.js';
import type { Told } from './told.js';

/** What the differ reads only from the text of a schema, which an introspected one does not have, or words wrongly. */
export function furtherDifferences(ours: GraphQLSchema, live: GraphQLSchema, told: Told): Drift[] {
  const exclusive = Object.values(ours.getTypeMap()).flatMap((type) => {
    const other = live.getType(type.name);
    return isInputObjectType(type) && isInputObjectType(other) && told.oneOf ? oneOf(type, other) : [];
  });
  return [...exclusive, ...deprecations(ours, live, told)];
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
