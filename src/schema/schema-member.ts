import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLType,
} from 'graphql';
import { readDescription } from './description-text.js';
import { liveDefault, noDefault, type LiveDefault } from './live-default.js';

/** What of a schema has a name and a line of its own: a field, an input field, an argument or an enum's value. */
export interface SchemaMember {
  readonly name: string;
  readonly description: string | null;
  /** As written in SDL; null for the value of an enum. */
  readonly type: string | null;
  /** The same, without lists and exclamation marks. */
  readonly named: GraphQLNamedType | null;
  readonly args: readonly SchemaMember[];
  readonly defaultValue: LiveDefault;
  readonly deprecationReason: string | null;
}

/** In the order of the schema; none for scalars and unions. */
export function membersOf(type: GraphQLNamedType): SchemaMember[] {
  if (isObjectType(type) || isInterfaceType(type)) return Object.values(type.getFields()).map(fieldMember);
  if (isInputObjectType(type)) return Object.values(type.getFields()).map(inputMember);
  if (isEnumType(type)) return type.getValues().map(enumMember);
  return [];
}

function fieldMember(field: GraphQLField<unknown, unknown>): SchemaMember {
  return { ...said(field, field.type), args: field.args.map(inputMember), defaultValue: noDefault };
}

export function inputMember(input: GraphQLArgument | GraphQLInputField): SchemaMember {
  return { ...said(input, input.type), args: [], defaultValue: liveDefault(input) };
}

function enumMember(value: GraphQLEnumValue): SchemaMember {
  return { ...said(value, null), args: [], defaultValue: noDefault };
}

function said(
  member: Pick<GraphQLEnumValue, 'name' | 'description' | 'deprecationReason'>,
  type: GraphQLType | null,
) {
  return {
    name: member.name,
    description: readDescription(member.description),
    type: type === null ? null : String(type),
    named: type === null ? null : getNamedType(type),
    deprecationReason: member.deprecationReason ?? null,
  };
}
